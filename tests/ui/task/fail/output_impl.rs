//! An output without a name.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<impl Clone, Infallible> {
    Ok(5)
}


fn main() {}
