//! An option where there is none.
use sfn::prelude::*;

#[expr(inline)]
pub fn discount(total: u32) -> u32 {
    total / 10
}

fn main() {}
