//! An option of a variant on the enum.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
#[task_error(retry)]
pub enum PaymentError {
    #[error("declined")]
    Declined,
}


fn main() {}
