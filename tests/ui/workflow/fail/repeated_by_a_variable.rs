//! A list of as many values as a variable says.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
async fn saga(order: Order) -> Result<Vec<u32>, Failed> {
    let list = vec![order.total; order.lines.len()];
    Ok(list)
}

fn main() {}
