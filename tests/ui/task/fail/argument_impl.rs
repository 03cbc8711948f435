//! An argument of no known type.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(order: impl Into<String>) -> Result<(), Infallible> {
    println!("{}", order.into());
    Ok(())
}


fn main() {}
