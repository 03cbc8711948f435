//! A type of the output that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn saga(order: Order) -> Result<Vec<Lin>, Failed> {
    Ok(order.lines)
}

fn main() {}
