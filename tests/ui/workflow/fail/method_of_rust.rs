//! A method of Rust's that a workflow does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn saga(order: Order) -> Result<Vec<usize>, Failed> {
    let steps = order.lines.windows(2).map(|two| two[1].len() - two[0].len()).collect::<Vec<_>>();
    Ok(steps)
}

fn main() {}
