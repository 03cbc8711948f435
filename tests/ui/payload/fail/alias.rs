//! A field with two names.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    #[serde(alias = "orderId")]
    pub id: String,
}


fn main() {}
