//! An activity with a name.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(activity = "ship", timeout = "1h")]
pub async fn print_label(parcel: String) -> Result<String, Infallible> {
    Ok(parcel)
}


fn main() {}
