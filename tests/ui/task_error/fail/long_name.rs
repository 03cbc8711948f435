//! A name that is too long for the service.
use sfn::prelude::*;

#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    #[error("declined")]
    #[task_error(name = "Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.Gateway.")]
    Declined,
}


fn main() {}
