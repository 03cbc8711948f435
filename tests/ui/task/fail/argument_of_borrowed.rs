//! An argument that holds what is borrowed.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(orders: Vec<&str>) -> Result<(), Infallible> {
    println!("{orders:?}");
    Ok(())
}


fn main() {}
