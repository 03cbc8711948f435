//! A first value without a type.
use sfn::prelude::*;

#[expr]
pub fn sum(amounts: Vec<u32>) -> u32 {
    amounts.iter().fold(0, |sum, amount| sum + amount)
}

fn main() {}
