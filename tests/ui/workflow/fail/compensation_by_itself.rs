//! A workflow that is undone by itself.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Charge, Failed> {
    let charge = charge(&order.id, order.total).compensate(|_| order_saga(&order)).await?;
    ping().await?;
    Ok(charge)
}

fn main() {}
