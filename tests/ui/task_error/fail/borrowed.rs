//! An error that borrows.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError<'a> {
    #[error("declined: {0}")]
    Declined(&'a str),
}


fn main() {}
