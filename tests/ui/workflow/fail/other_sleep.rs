//! Time that another library's function would pass.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn saga(order: Order) -> Result<u32, Failed> {
    std::thread::sleep(std::time::Duration::from_secs(3));
    Ok(order.total)
}

fn main() {}
