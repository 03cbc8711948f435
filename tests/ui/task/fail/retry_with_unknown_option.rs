//! An option that `retry` does not have.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(attempt = 5))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
