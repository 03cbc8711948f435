//! A task of a worker that would be completed twice.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(activity, timeout = "1h")]
pub async fn print_label(parcel: String, token: TaskToken<bool>) -> Result<(), Infallible> {
    drop((parcel, token));
    Ok(())
}


fn main() {}
