//! An argument that changes.
use sfn::prelude::*;

#[expr]
pub fn discount(mut total: u32) -> u32 {
    total += 1;
    total
}

fn main() {}
