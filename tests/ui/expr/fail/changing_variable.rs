//! A calculation with a variable that changes.
use sfn::prelude::*;

#[expr]
pub fn discount(total: u32) -> u32 {
    let mut discount: u32 = total / 10;
    discount
}

fn main() {}
