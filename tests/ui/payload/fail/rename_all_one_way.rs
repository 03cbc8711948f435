//! Names written in one case and read in another.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct Order {
    pub order_id: String,
}


fn main() {}
