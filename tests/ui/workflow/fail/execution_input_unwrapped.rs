//! The input of the execution, which may be something else.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Order, Failed> {
    ping().await?;
    let given: Order = execution().input::<Order>();
    Ok(given)
}

fn main() {}
