//! A calculation that gives nothing.
use sfn::prelude::*;

#[expr]
pub fn discount(total: u32) {
    let _ = total;
}

fn main() {}
