//! A function with a lifetime.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn echo<'a>(value: &'a str) -> Result<(), Infallible> {
    drop(value);
    Ok(())
}


fn main() {}
