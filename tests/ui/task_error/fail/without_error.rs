//! A task error that is no error.
use sfn::prelude::*;

#[derive(Debug, TaskError)]
pub enum PaymentError {
    Declined,
}


fn main() {}
