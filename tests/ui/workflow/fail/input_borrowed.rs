//! A workflow whose input is a reference.
use sfn::prelude::*;

#[workflow]
pub async fn order_saga(order: &u32) -> Result<u32, Failed> {
    let _ = order;
    Ok(1)
}

fn main() {}
