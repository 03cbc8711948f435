//! A body that gives another type.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<u32, Infallible> {
    let answer: u32 = "one";
    Ok(answer)
}


fn main() {}
