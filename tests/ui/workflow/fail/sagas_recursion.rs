//! A workflow that calls itself.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    charge(&order.id, order.total).await?;
    let id = order_saga(order).await?;
    Ok(id)
}

fn main() {}
