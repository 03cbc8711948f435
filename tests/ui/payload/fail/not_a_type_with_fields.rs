//! A union.
use sfn::prelude::*;

#[derive(Payload)]
pub union Bits {
    a: u8,
}


fn main() {}
