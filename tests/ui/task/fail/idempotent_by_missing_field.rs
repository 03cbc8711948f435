//! A key that is made of a field which is not there.
use std::convert::Infallible;

use sfn::prelude::*;

#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Order {
    id: String,
}

#[task(idempotent = order.number)]
pub async fn rate(order: Order) -> Result<usize, Infallible> {
    Ok(order.id.len())
}


fn main() {}
