//! An enum of keys.
use sfn::prelude::*;

#[derive(Deserialize, Payload)]
#[serde(field_identifier)]
pub enum Key {
    Id,
    Lines,
}


fn main() {}
