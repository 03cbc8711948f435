//! A variant with two names.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub enum Event {
    #[serde(alias = "payed")]
    Paid,
}


fn main() {}
