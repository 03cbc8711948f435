//! A backoff that shrinks.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(backoff = 0.5))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
