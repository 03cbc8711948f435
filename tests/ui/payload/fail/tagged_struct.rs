//! A struct with a tag.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
#[serde(tag = "kind")]
pub struct Order {
    pub id: String,
}


fn main() {}
