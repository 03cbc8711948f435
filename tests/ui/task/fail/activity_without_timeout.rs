//! A task of a worker that may wait for one for ever.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(activity)]
pub async fn print_label(parcel: String) -> Result<String, Infallible> {
    Ok(parcel)
}


fn main() {}
