//! An error that is a string.
use sfn::prelude::*;

#[task]
pub async fn ping() -> Result<(), String> {
    Ok(())
}


fn main() {}
