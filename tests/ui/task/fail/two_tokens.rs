//! Two tokens.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "3d")]
pub async fn ask(first: TaskToken<bool>, second: TaskToken<bool>) -> Result<(), Infallible> {
    drop((first, second));
    Ok(())
}


fn main() {}
