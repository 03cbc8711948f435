//! A token and an output.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "3d")]
pub async fn ask(token: TaskToken<bool>) -> Result<bool, Infallible> {
    drop(token);
    Ok(true)
}


fn main() {}
