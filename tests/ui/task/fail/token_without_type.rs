//! A token of nothing.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "3d")]
pub async fn ask(token: TaskToken) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}


fn main() {}
