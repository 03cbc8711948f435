//! A type that borrows.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order<'a> {
    pub id: &'a str,
}


fn main() {}
