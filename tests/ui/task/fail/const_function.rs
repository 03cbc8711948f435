//! A `const` function.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub const async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
