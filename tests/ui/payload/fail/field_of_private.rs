//! A field that holds what cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    pub private: Option<Vec<Private>>,
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
