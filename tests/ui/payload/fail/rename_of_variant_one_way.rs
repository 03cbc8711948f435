//! A variant with one name out and another in.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub enum Event {
    #[serde(rename(deserialize = "payed"))]
    Paid,
}


fn main() {}
