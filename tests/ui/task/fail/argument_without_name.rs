//! An argument without a name.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(_: String) -> Result<(), Infallible> {
    Ok(())
}


fn main() {}
