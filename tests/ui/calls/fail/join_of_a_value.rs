//! `join!` of what is no call.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    join!(refund(1), order.total).await?;
    Ok(())
}

fn main() {}
