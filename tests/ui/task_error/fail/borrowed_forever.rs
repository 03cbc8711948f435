//! An error with a text of the program.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined: {0}")]
    Declined(&'static str),
}


fn main() {}
