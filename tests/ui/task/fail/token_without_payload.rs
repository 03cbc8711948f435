//! A token of what cannot travel.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(timeout = "3d")]
pub async fn ask(token: TaskToken<Private>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}


#[derive(Serialize, Deserialize)]
pub struct Private;

fn main() {}
