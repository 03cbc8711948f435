//! A workflow with a type parameter.
use sfn::prelude::*;

#[workflow]
pub async fn order_saga<T: Clone>(order: T) -> Result<u32, Failed> {
    let _ = order;
    Ok(1)
}

fn main() {}
