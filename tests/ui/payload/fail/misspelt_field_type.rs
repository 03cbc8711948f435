//! A field of a type that does not exist.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    pub line: Lien,
}


fn main() {}
