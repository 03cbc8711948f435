//! A variant without fields that its enum does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _event = Event::Closd;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
