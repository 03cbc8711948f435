//! A closure that does more than calculate.
use sfn::prelude::*;

#[expr]
pub fn longest(names: Vec<String>) -> Vec<usize> {
    names.iter().map(|name| { println!("{name}"); name.len() }).collect::<Vec<_>>()
}

fn main() {}
