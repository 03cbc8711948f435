//! A method that no expression has.
use sfn::prelude::*;

#[expr]
pub fn bits(total: u32) -> u32 {
    total.count_ones()
}

fn main() {}
