//! `?` in a function that fails with something else.
#[path = "../support.rs"]
mod support;

use support::*;

pub struct Lost;

pub async fn run(order: Order) -> Result<(), Lost> {
    charge(&order.id, order.total).await?;
    Ok(())
}

fn main() {}
