//! Attempts in quotes.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(attempts = "5"))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
