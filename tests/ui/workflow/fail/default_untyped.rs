//! A default whose type nobody says.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn saga(order: Order) -> Result<u32, Failed> {
    let more = order.total.max(Default::default());
    Ok(more)
}

fn main() {}
