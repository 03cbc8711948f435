//! A flattened field that cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    #[serde(flatten)]
    pub private: Private,
}


#[derive(Serialize, Deserialize)]
pub struct Private {
    pub a: u8,
}

fn main() {}
