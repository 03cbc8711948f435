//! A struct literal without one of its fields.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    if order.vip {
        return Ok(Receipt { order: order.id });
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
