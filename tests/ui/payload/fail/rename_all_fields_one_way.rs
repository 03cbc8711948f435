//! Names of all variants written in one case and read in another.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
#[serde(rename_all_fields(deserialize = "camelCase"))]
pub enum Event {
    Paid { order_id: String },
}


fn main() {}
