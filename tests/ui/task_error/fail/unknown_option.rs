//! An option that does not exist.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(retries)]
    Declined,
}


fn main() {}
