//! A type that a task gives, and that does not exist.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(order: String) -> Result<Strin, Infallible> {
    Ok(order)
}

fn main() {}
