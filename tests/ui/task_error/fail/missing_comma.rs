//! Options without a comma between them.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(retry name = "Declined")]
    Declined,
}


fn main() {}
