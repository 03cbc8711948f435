//! A workflow of two inputs.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order, rush: bool) -> Result<bool, Failed> {
    refund(order.id).await?;
    Ok(rush)
}

fn main() {}
