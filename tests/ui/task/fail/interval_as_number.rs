//! An interval without quotes.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(interval = 2))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
