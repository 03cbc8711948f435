//! A body that ends without a result.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<u32, Failed> {
    refund(order.id).await?;
}

fn main() {}
