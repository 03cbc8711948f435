//! A refused workflow that somebody else names.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<u32, Failed> {
    let first = order.lines.windows(2);
    refund(order.id).await?;
    Ok(1)
}

pub fn definitions() -> impl Sized {
    [order_saga::definition()]
}

fn main() {}
