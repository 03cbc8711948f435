//! An argument that is a secret.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn ping(host: String, password: Secret<String>) -> Result<(), Infallible> {
    drop((host, password));
    Ok(())
}

fn main() {}
