//! A field that the items of `map` do not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    map(order.lines, async |line| Ok(line.sku)).await?;
    Ok(())
}

fn main() {}
