//! A workflow that fails with something else.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<u32, String> {
    refund(order.id).await?;
    Ok(1)
}

fn main() {}
