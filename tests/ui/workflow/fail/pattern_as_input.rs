//! A workflow that takes its input apart.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(Order { id, .. }: Order) -> Result<u32, Failed> {
    refund(id).await?;
    Ok(1)
}

fn main() {}
