//! A field with one name out and another in.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    #[serde(rename(serialize = "orderId"))]
    pub id: String,
}


fn main() {}
