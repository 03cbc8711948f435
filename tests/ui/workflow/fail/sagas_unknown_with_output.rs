//! A compensation of what may have happened that asks for an output.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    let charge = charge(&order.id, order.total).compensate_unknown(|charge| refund(&charge.id)).await?;
    Ok(charge.id)
}

fn main() {}
