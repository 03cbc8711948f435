//! A payload that cannot be written.
use sfn::prelude::*;

#[derive(Deserialize, Payload)]
pub struct Order {
    pub id: String,
}


fn main() {}
