//! A calculation that is no function.
use sfn::prelude::*;

#[expr]
pub struct Discount {}

fn main() {}
