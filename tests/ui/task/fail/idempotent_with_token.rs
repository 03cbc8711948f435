//! A task whose second attempt would leave its token to nobody.
use std::convert::Infallible;

use sfn::prelude::*;

#[task(idempotent, timeout = "3d")]
pub async fn ask(id: String, token: TaskToken<bool>) -> Result<(), Infallible> {
    drop((id, token));
    Ok(())
}


fn main() {}
