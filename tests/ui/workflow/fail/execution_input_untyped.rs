//! The input of the execution without its type.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Order, Failed> {
    let given = execution().input()?;
    ping().await?;
    Ok(given)
}

fn main() {}
