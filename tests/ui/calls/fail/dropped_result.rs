//! A failure that nobody looks at.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[deny(unused_must_use)]
pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).await;
    Ok(())
}

fn main() {}
