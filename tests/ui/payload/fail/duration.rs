//! A type of another crate that is no payload.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    pub patience: std::time::Duration,
}


fn main() {}
