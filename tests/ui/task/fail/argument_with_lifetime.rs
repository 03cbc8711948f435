//! An argument whose type has a lifetime.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(order: std::borrow::Cow<'_, str>) -> Result<(), Infallible> {
    println!("{order}");
    Ok(())
}


fn main() {}
