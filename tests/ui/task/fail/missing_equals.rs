//! An option without its `=`.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout "30s")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
