//! A limit that differs from execution to execution.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    map_distributed(&order.lines, async |_| Ok(1)).tolerate(order.total).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
