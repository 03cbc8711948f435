//! A workflow with a constant that cannot be a part of a name.
use sfn::prelude::*;

#[workflow]
pub async fn graded<const GRADE: char>(order: String) -> Result<u32, Failed> {
    let _ = order;
    Ok(1)
}

fn main() {}
