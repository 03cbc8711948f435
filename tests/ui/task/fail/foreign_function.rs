//! An `extern` function.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async extern "C" fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
