//! An argument whose type has no derive at all.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(private: Private) -> Result<(), Infallible> {
    drop(private);
    Ok(())
}


pub struct Private;

fn main() {}
