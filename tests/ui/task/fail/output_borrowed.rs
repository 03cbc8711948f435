//! An output that is borrowed.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<&'static str, Infallible> {
    Ok("pong")
}


fn main() {}
