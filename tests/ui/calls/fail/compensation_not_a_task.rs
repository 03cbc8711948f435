//! A compensation that calls no task.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).compensate(|charge| *charge).await?;
    Ok(())
}

fn main() {}
