//! An argument that is borrowed.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(order: &str) -> Result<(), Infallible> {
    println!("{order}");
    Ok(())
}


fn main() {}
