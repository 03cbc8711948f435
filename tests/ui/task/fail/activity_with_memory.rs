//! The memory of a function that is none.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(activity, timeout = "1h", memory = 512)]
pub async fn print_label(parcel: String) -> Result<String, Infallible> {
    Ok(parcel)
}


fn main() {}
