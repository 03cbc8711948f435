//! An option that calls do not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).memory(512).await?;
    Ok(())
}

fn main() {}
