//! A key that is drawn when the step is recorded, and not when it is undone.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    let charge = charge(&order.id, order.total).compensate(|_| refund(uuid())).await?;
    Ok(charge.id)
}

fn main() {}
