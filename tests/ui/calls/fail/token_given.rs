//! A token given by the caller.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    ask(&order.id, ()).await?;
    Ok(())
}

fn main() {}
