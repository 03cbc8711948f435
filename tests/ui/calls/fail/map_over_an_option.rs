//! `map` over an option.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    map(Some(order.id), async |line: String| Ok(line)).await?;
    Ok(())
}

fn main() {}
