//! A `while` loop.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    while order.vip {
        ping().await?;
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
