//! A mark with a value.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(retry = 3)]
    Declined,
}


fn main() {}
