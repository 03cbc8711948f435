//! A wrapper of what cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order(pub Private);


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
