//! An option that does not exist.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(tiemout = "30s")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
