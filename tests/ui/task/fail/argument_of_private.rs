//! An argument that holds what cannot travel.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(private: Vec<Private>) -> Result<(), Infallible> {
    drop(private);
    Ok(())
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
