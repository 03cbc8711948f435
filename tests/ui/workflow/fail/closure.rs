//! A closure.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let next = |count: u32| count;
    refund(format!("{}", order.total)).await?;
    let _ = next;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
