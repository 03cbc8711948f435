//! `retry` without saying how.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry)]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
