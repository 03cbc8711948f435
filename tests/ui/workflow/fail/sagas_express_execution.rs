//! An execution that an Express workflow waits for.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn payment(order: Order) -> Result<Charge, Failed> {
    Ok(charge(&order.id, order.total).await?)
}

#[workflow(express)]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    let charge = payment(&order).await?;
    Ok(charge.id)
}

fn main() {}
