//! A workflow without a result.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) {
    refund(order.id).await?;
}

fn main() {}
