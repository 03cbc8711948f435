//! A calculation that would wait.
use sfn::prelude::*;

#[expr]
pub async fn discount(total: u32) -> u32 {
    total / 10
}

fn main() {}
