//! A calculation that is a method.
use sfn::prelude::*;

pub struct Order {
    pub total: u32,
}

impl Order {
    #[expr]
    pub fn discount(&self) -> u32 {
        self.total / 10
    }
}

fn main() {}
