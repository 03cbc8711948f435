//! A key that is the same for every call.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(idempotent = "always")]
pub async fn rate(id: String) -> Result<usize, Infallible> {
    Ok(id.len())
}


fn main() {}
