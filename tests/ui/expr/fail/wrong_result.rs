//! A result of another type.
use sfn::prelude::*;

#[expr]
pub fn discount(total: u32) -> String {
    total / 10
}

fn main() {}
