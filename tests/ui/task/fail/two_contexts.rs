//! Two contexts.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ask(first: TaskContext, second: TaskContext) -> Result<(), Infallible> {
    drop((first, second));
    Ok(())
}


fn main() {}
