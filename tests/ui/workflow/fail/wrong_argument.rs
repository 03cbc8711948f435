//! An argument of another type than the task declares.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    charge(5, order.total).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
