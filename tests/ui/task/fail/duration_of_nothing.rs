//! A duration of no time.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "0s")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
