//! A workflow that is not `async`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub fn order_saga(order: Order) -> Result<u32, Failed> {
    refund(order.id).await?;
    Ok(1)
}

fn main() {}
