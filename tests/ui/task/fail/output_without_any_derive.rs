//! An output whose type has no derive at all.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<Private, Infallible> {
    Ok(Private)
}


pub struct Private;

fn main() {}
