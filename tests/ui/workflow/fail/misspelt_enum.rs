//! An enum that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _event = Evnt::Paid(5);
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
