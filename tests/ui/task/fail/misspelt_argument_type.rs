//! An argument's type that does not exist, in one that does.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(tags: Vec<Strin>) -> Result<String, Infallible> {
    Ok(tags.concat())
}

fn main() {}
