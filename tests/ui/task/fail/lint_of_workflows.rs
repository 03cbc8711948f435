//! A level for a lint that does not look at tasks.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(allow(unbounded_concurrency))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}

fn main() {}
