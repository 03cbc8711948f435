//! `join!` of a task that is not called.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    join!(refund, refund(2)).await?;
    Ok(())
}

fn main() {}
