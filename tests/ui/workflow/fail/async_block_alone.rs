//! An `async` block outside of `join!`.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    let _later = async { Ok::<u32, Failed>(1) };
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
