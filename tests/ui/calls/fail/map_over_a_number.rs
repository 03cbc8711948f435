//! `map` over what has no items.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    map(order.total, async |line| Ok(line)).await?;
    Ok(())
}

fn main() {}
