//! An Express workflow whose compensation waits for an execution.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn give_back(charge: Charge) -> Result<(), Failed> {
    refund(&charge.id).await?;
    Ok(())
}

#[workflow(express)]
pub async fn order_saga(order: Order) -> Result<Charge, Failed> {
    let charge = charge(&order.id, order.total).compensate(|charge| give_back(charge)).await?;
    ping().await?;
    Ok(charge)
}

fn main() {}
