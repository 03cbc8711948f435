//! A field that the struct does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    refund(&order.idd).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
