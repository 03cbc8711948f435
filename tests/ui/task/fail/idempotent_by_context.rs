//! A key that another attempt does not have.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(idempotent = (&id, context.retry_count()))]
pub async fn rate(id: String, context: TaskContext) -> Result<usize, Infallible> {
    Ok(id.len() + context.state().len())
}


fn main() {}
