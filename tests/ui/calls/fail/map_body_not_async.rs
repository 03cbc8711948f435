//! A body of `map` that is not `async`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    map(order.lines, |line: String| Ok::<_, Failed>(line.len())).await?;
    Ok(())
}

fn main() {}
