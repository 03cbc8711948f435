//! An option that a workflow does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow(standard)]
pub async fn order_saga(order: Order) -> Result<String, Failed> {
    Ok(order.id)
}

fn main() {}
