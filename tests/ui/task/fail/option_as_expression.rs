//! An option set to what is no literal.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(memory = 2 * 512)]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
