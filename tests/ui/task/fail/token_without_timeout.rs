//! A token that may be waited for forever.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ask(token: TaskToken<bool>) -> Result<(), Infallible> {
    drop(token);
    Ok(())
}


fn main() {}
