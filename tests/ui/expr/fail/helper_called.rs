//! A function that is no calculation.
use sfn::prelude::*;

fn tenth(total: u32) -> u32 {
    total / 10
}

#[expr]
pub fn discount(total: u32) -> u32 {
    tenth(total)
}

fn main() {}
