//! A reader outside of its map.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let lines = s3::jsonl::<String>(&order.id, "lines.jsonl");
    map_distributed(lines, async |_| Ok(1)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
