//! A pause that is a number.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    sleep(5).await;
    drop(order);
    Ok(())
}

fn main() {}
