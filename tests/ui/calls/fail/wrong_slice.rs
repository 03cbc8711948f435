//! A slice of other items than the task takes.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    pack([1, 2].as_slice()).await?;
    Ok(())
}

fn main() {}
