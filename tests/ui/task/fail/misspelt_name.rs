//! A name in the body that does not exist.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(order: String) -> Result<String, Infallible> {
    Ok(ordre)
}


fn main() {}
