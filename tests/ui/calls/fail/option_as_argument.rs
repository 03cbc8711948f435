//! An option where the task takes the value.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(order.lines.first(), order.total).await?;
    Ok(())
}

fn main() {}
