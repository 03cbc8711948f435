//! An error with a secret.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum LoginError {
    #[error("refused")]
    Refused { password: Secret<String> },
}

fn main() {}
