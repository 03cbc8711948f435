//! Less memory than a Lambda function has.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(memory = 64)]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
