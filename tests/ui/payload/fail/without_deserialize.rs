//! A payload that cannot be read.
use sfn::prelude::*;

#[derive(Serialize, Payload)]
pub struct Order {
    pub id: String,
}


fn main() {}
