//! A variant that is written and not read.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub enum Event {
    Paid,
    #[serde(skip_deserializing)]
    Lost,
}


fn main() {}
