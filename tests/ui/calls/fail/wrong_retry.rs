//! A retry that is a number.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).retry(5).await?;
    Ok(())
}

fn main() {}
