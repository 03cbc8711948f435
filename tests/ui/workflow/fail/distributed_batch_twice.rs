//! A batch of batches.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    map_distributed(order.lines.batch(3).batch(2), async |_| Ok(1)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
