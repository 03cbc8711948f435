//! A macro that no expression has.
use sfn::prelude::*;

#[expr]
pub fn name() -> String {
    concat!("a", "b").to_string()
}

fn main() {}
