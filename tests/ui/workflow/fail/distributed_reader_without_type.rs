//! A reader that does not say what an item is.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    map_distributed(s3::jsonl(&order.id, "lines.jsonl"), async |line: String| Ok(look_up(line).await?)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
