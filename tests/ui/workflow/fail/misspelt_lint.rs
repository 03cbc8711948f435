//! A level for a lint that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

fn main() {}

#[workflow(deny(task_without_timeouts))]
pub async fn order_saga() -> Result<u32, Failed> {
    Ok(ping().await?)
}
