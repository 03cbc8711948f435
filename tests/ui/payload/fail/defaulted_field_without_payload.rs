//! A field that may be absent and cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    #[serde(default)]
    pub private: Private,
}


#[derive(Default, Serialize, Deserialize)]
pub struct Private;

fn main() {}
