//! A calculation that goes round.
use sfn::prelude::*;

#[expr]
pub fn count(limit: u32) -> u32 {
    while limit > 9 {}
    limit
}

fn main() {}
