//! Names of a variant written in one case and read in another.
use sfn::prelude::*;

#[derive(Serialize, Deserialize, Payload)]
pub enum Event {
    #[serde(rename_all(deserialize = "camelCase"))]
    Paid { order_id: String },
}


fn main() {}
