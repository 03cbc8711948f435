//! An argument that is a slice.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(orders: &[String]) -> Result<(), Infallible> {
    println!("{orders:?}");
    Ok(())
}


fn main() {}
