//! A field that the written struct does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    if order.vip {
        return Ok(Receipt { ordr: order.id, charge: "x".into() });
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
