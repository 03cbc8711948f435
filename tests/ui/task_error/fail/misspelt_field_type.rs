//! A field of a type that does not exist.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    Declined { reason: Strng },
}


fn main() {}
