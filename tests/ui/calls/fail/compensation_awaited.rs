//! A compensation that is awaited.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).compensate(async |charge| refund(charge).await).await?;
    Ok(())
}

fn main() {}
