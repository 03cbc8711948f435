//! A match that does not cover all results.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    match ping().await {
        Ok(_) => {}
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
