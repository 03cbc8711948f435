//! A map whose keys are no strings.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    pub counts: std::collections::BTreeMap<u32, u32>,
}


fn main() {}
