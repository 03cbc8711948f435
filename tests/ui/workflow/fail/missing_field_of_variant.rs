//! A variant without its field.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _event = Event::Opened {};
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
