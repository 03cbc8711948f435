//! A compensation inside `join!`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    join!(ping(), charge(&order.id, 5).compensate(|charge| refund(&charge.id))).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
