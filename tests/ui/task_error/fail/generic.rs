//! A generic error.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError<T> {
    #[error("declined")]
    Declined(T),
}


fn main() {}
