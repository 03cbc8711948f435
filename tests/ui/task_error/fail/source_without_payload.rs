//! The error of another crate as a field.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("unreachable")]
    Unreachable(#[from] std::io::Error),
}


fn main() {}
