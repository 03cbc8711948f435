//! A result that is a secret.
use std::convert::Infallible;

use sfn::prelude::*;

#[task]
pub async fn password(host: String) -> Result<Secret<String>, Infallible> {
    Ok(Secret::new(host))
}

fn main() {}
