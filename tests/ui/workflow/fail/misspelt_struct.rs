//! A struct that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    if order.vip {
        return Ok(Receit { order: order.id, charge: "x".into() });
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
