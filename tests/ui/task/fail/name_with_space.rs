//! A name that no Lambda function can have.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(name = "charge payment")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
