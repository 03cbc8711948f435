//! A compensating task that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    charge(&order.id, 5).compensate(|charge| refnd(&charge.id)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
