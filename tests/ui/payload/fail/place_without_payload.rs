//! A place of a tuple that cannot travel.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order(pub u8, pub Private);


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
