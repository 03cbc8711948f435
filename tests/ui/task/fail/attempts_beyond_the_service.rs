//! More attempts than the service makes.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(attempts = 100000000))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
