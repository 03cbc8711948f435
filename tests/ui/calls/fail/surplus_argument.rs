//! More arguments than the task has.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total, true).await?;
    Ok(())
}

fn main() {}
