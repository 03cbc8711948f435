//! An option that calls do not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    ping().retries(3).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
