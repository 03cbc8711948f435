//! A heartbeat that nobody can send.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "30s", heartbeat = "5s")]
pub async fn ping() -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
