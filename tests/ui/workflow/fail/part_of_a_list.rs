//! A part of a list, by its places.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
async fn saga(order: Order) -> Result<usize, Failed> {
    let rest = order.lines[1..].to_vec();
    Ok(rest.len())
}

fn main() {}
