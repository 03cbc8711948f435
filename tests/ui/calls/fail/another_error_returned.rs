//! `?` in a function that fails with something else.
#[path = "../support.rs"]
mod support;

use support::*;

pub async fn run(order: Order) -> Result<(), String> {
    charge(&order.id, order.total).await?;
    Ok(())
}

fn main() {}
