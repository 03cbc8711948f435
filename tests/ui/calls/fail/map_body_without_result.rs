//! A body of `map` that gives no `Result`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    map(order.lines, async |line: String| line.len()).await?;
    Ok(())
}

fn main() {}
