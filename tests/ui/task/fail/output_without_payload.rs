//! An output that cannot travel.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<Private, Infallible> {
    Ok(Private)
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
