//! A generic function.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn echo<T: Send>(value: T) -> Result<(), Infallible> {
    drop(value);
    Ok(())
}


fn main() {}
