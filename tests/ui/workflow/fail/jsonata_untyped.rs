//! JSONata of which nobody says what it gives.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<u32, Failed> {
    let total = jsonata!("$count($lines)", lines = &order.lines)?;
    Ok(total)
}

fn main() {}
