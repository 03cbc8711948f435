//! An empty name.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(name = "")]
    Declined,
}


fn main() {}
