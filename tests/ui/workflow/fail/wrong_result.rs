//! A result of another type than the signature says.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    if order.vip {
        return Ok("x");
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
