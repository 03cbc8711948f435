//! JSONata whose failure nobody minds.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<u32, Failed> {
    let total: u32 = jsonata!("$count($lines)", lines = &order.lines);
    Ok(total)
}

fn main() {}
