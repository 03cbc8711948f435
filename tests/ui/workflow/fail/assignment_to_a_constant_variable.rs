//! A variable that is not `mut` and changes.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let vip = order.vip;
    while vip {
        vip = false;
        ping().await?;
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
