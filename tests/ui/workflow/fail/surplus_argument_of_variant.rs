//! A variant with a value too many.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _event = Event::Paid(1, 2);
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
