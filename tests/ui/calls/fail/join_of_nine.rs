//! `join!` of more than eight calls.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    join!(refund(1), refund(2), refund(3), refund(4), refund(5), refund(6), refund(7), refund(8), refund(9)).await?;
    Ok(())
}

fn main() {}
