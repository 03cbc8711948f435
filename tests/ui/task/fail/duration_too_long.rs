//! A duration that the service cannot count.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "2000d")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
