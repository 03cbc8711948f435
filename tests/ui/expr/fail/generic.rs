//! A calculation of many types.
use sfn::prelude::*;

#[expr]
pub fn first<T: Clone>(one: T) -> T {
    one.clone()
}

fn main() {}
