//! A name that does not exist.
use sfn::prelude::*;

#[expr]
pub fn discount(total: u32) -> u32 {
    totl / 10
}

fn main() {}
