//! A workflow with a lifetime.
use sfn::prelude::*;

#[workflow]
pub async fn borrowed<'a>(order: String) -> Result<u32, Failed> {
    let _: &'a str = "";
    let _ = order;
    Ok(1)
}

fn main() {}
