//! An option given twice.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(retry, retry)]
    Declined,
}


fn main() {}
