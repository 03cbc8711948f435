//! `join!` of nothing.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    join!().await?;
    Ok(())
}

fn main() {}
