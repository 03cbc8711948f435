//! Two variables that change places.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
async fn saga(order: Order) -> Result<u32, Failed> {
    let mut first: u32 = order.total;
    let mut second: u32 = 3;
    (first, second) = (second, first);
    Ok(first - second)
}

fn main() {}
