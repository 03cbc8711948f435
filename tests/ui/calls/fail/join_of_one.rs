//! `join!` of one call.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    join!(charge(&order.id, order.total)).await?;
    Ok(())
}

fn main() {}
