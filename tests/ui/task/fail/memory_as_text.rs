//! Memory in quotes.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(memory = "512")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
