//! `join!` of a call that is awaited.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    join!(refund(1), refund(2).await).await?;
    Ok(())
}

fn main() {}
