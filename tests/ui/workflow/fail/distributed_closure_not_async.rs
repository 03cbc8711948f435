//! A body that is not async.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    map_distributed(&order.lines, |line| look_up(line)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
