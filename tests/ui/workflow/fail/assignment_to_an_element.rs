//! An element of a list that is assigned to.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let mut lines = order.lines.clone();
    lines[0] = "first".to_string();
    look_up(&order.id).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
