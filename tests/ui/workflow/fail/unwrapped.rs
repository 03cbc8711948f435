//! A result that is unwrapped.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let count = ping().await.unwrap();
    refund(format!("{count}")).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
