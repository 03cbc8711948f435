//! A reference to another type than the task takes.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    inspect(&order.id).await?;
    Ok(())
}

fn main() {}
