//! A variadic function.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(order: String, ...) -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
