//! An argument that is taken apart.
use sfn::prelude::*;

#[expr]
pub fn sum((one, other): (u32, u32)) -> u32 {
    one + other
}

fn main() {}
