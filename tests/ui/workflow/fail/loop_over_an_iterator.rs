//! A loop over an iterator no workflow knows.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    for _ in order.lines.windows(2) {
        look_up(&order.id).await?;
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
