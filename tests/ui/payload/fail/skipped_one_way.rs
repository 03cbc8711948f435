//! A field that is read and not written.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    #[serde(skip_serializing)]
    pub id: String,
}


fn main() {}
