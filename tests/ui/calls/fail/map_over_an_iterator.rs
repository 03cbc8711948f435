//! `map` over an iterator.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    map(order.lines.iter(), async |line| Ok(line)).await?;
    Ok(())
}

fn main() {}
