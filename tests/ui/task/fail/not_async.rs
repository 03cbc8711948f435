//! A function that is not `async`.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
