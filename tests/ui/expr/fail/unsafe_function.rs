//! A calculation that is unsafe.
use sfn::prelude::*;

#[expr]
pub unsafe fn discount(total: u32) -> u32 {
    total / 10
}

fn main() {}
