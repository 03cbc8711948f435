//! An option of `retry` given twice.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(attempts = 5, attempts = 6))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
