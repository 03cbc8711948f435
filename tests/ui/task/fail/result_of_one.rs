//! A result whose error is hidden in an alias.
use sfn::prelude::*;

#[task]
pub async fn ping(order: String) -> std::io::Result<String> {
    Ok(order)
}


fn main() {}
