//! A field that cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    pub id: String,
    pub private: Private,
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
