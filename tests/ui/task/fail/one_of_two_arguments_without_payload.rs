//! An argument among others that cannot travel.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(order: String, private: Private) -> Result<(), Infallible> {
    drop((order, private));
    Ok(())
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
