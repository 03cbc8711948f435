//! A task that returns nothing.
use sfn::prelude::*;

#[task]
pub async fn ping(order: String) {
    drop(order);
}


fn main() {}
