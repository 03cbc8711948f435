//! A name made at run time.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    charge(&order.id, order.total).named(format!("Charge")).await?;
    Ok(())
}

fn main() {}
