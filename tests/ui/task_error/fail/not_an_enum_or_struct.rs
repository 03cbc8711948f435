//! A union.
use sfn::prelude::*;

#[derive(TaskError)]
pub union Bits {
    a: u8,
}


fn main() {}
