//! A task that does not return a `Result`.
use sfn::prelude::*;

#[task]
pub async fn ping(order: String) -> String {
    order
}


fn main() {}
