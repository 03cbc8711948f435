//! A name of the service.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(name = "States.Timeout")]
    Declined,
}


fn main() {}
