//! Arms of different types.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let count = match ping().await {
        Ok(count) => count,
        Err(_) => "none",
    };
    refund(format!("{count}")).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
