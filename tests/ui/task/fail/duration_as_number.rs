//! A duration without quotes.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = 30)]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
