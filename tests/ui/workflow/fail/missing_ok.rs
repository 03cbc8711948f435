//! The result without its `Ok`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<u32, Failed> {
    order.total
}

fn main() {}
