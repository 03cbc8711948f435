//! A field that the written variant does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _event = Event::Opened { a: "x".into() };
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
