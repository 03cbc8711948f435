//! A variant without the tag of the others.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub enum Event {
    Paid,
    #[serde(untagged)]
    Other(String),
}


fn main() {}
