//! A name that another variant has.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(name = "Limit")]
    Declined,
    #[error("over the limit")]
    Limit,
}


fn main() {}
