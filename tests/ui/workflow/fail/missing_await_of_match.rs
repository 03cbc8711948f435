//! A match on a call that is not awaited.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    match ping() {
        Ok(_) => {}
        Err(_) => {}
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
