//! The execution as a value.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    let this = execution();
    ping().await?;
    Ok(order.id)
}

fn main() {}
