//! A function of Rust's own.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = order.total;
    let before = std::mem::take(&mut total);
    Ok(before + total)
}

fn main() {}
