//! A compensation of something else.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).compensate(|_| refund(order.total)).await?;
    Ok(())
}

fn main() {}
