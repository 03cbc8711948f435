//! A method that a workflow does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let count = order.lines.capacity();
    refund(format!("{count}")).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
