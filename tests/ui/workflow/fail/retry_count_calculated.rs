//! The number of tries outside of an argument.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    let tries = retry_count() + 1;
    charge(&order.id, tries).await?;
    Ok(order.id)
}

fn main() {}
