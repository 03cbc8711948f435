//! A pause as a branch.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    join!(ping(), sleep(secs(5))).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
