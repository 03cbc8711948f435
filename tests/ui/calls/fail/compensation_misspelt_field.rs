//! A compensation that reads what is not there.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).compensate(|charge| refund(charge.id)).await?;
    Ok(())
}

fn main() {}
