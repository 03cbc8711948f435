//! `map` over a range.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    map(0..3, async |line: i32| Ok(line)).await?;
    Ok(())
}

fn main() {}
