//! A type of the input that does not exist.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn saga(order: Vec<Ordre>) -> Result<u32, Failed> {
    Ok(order.len() as u32)
}

fn main() {}
