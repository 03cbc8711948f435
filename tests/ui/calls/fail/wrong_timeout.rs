//! A timeout that is a number.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).timeout(30).await?;
    Ok(())
}

fn main() {}
