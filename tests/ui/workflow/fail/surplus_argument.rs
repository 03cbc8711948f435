//! An argument too many.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    charge(&order.id, order.total, 7).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
