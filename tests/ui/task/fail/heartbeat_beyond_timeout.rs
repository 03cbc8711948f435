//! A heartbeat that is longer than the timeout.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "1h", heartbeat = "90m")]
pub async fn ask(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}


fn main() {}
