//! A number that is too wide.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, 5_u64).await?;
    Ok(())
}

fn main() {}
