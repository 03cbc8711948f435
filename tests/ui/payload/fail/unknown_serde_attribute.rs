//! An attribute that serde does not have.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub struct Order {
    #[serde(renam = "orderId")]
    pub id: String,
}


fn main() {}
