//! A jitter that does not exist.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(retry(jitter = some))]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
