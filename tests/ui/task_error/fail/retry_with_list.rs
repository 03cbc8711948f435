//! A mark with options.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(retry(attempts = 3))]
    Declined,
}


fn main() {}
