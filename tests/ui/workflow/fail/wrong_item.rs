//! A field that the items of `map` do not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    map(&order.lines, async |line| Ok(look_up(line.sku).await?)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
