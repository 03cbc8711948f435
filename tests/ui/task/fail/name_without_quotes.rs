//! A name without quotes.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(name = charge)]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
