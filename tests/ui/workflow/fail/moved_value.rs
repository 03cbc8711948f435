//! A value that is used after it was moved.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let first = order.kind;
    let second = order.kind;
    refund(first).await?;
    refund(second).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
