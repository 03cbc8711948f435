//! A variant that its enum does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _events = vec![Event::Payd(5)];
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
