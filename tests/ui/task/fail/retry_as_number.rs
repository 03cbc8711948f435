//! `retry` set to a number.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry = 5)]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
