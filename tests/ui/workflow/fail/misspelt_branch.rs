//! A branch of `join!` that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    join!(ping(), pong()).await?;
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
