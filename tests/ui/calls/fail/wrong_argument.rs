//! A number where the task takes a text.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(5, order.total).await?;
    Ok(())
}

fn main() {}
