//! A duration option without its duration.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout)]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
