//! A function that does not exist, where a duration stands.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    ping().timeout(sec(5)).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
