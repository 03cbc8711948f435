//! A place of a tuple that is skipped.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Pair(pub u8, #[serde(skip)] pub u8);


fn main() {}
