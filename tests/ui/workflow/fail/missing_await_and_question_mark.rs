//! A call without `.await?`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let charge = charge(&order.id, 5);
    refund(&charge.id).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
