//! `?` on a call that is not awaited.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total)?;
    Ok(())
}

fn main() {}
