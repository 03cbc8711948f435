//! An argument too few.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    charge(&order.id).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
