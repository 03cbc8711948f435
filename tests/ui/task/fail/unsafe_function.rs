//! An `unsafe` function.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async unsafe fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
