//! A compensation inside a loop.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    for line in order.lines.clone() {
        look_up(&line).compensate(|_| ping()).await?;
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
