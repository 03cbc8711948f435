//! A transparent wrapper of what cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
#[serde(transparent)]
pub struct Order {
    pub private: Private,
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
