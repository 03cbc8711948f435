//! A constant that its module does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    if order.total > limits::MX {
        ping().await?;
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
