//! The output of a task taken for another type.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    let charged: String = charge(&order.id, order.total).await?;
    drop(charged);
    Ok(())
}

fn main() {}
