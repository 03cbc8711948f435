//! A longest delay of more than a year.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(max_delay = "367d"))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
