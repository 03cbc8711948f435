//! A task that may and may not be done twice.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(idempotent, repeatable)]
pub async fn rate(id: String) -> Result<usize, Infallible> {
    Ok(id.len())
}


fn main() {}
