//! An option given twice.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "30s", timeout = "40s")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
