//! A longest delay that is shorter than the first.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(interval = "10s", max_delay = "5s"))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
