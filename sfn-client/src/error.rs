//! Why a call of the service gave nothing. Separate because every operation of the client answers with it.

use crate::explained::explained;
use crate::{EnvironmentError, ExecutionFailure};
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use sfn_core::{ErrorBody, Failed};
use std::error::Error;

/// Why the client cannot give what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The environment does not say where the service is, or who asks.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The input cannot travel as JSON.
    #[error("the input cannot travel: {}", ErrorBody::of(.0).error_message)]
    Input(#[source] Failed),
    /// There is no such state machine.
    #[error("there is no state machine `{0}`: is it deployed, in this region and account?")]
    NoStateMachine(String),
    /// There is no such execution.
    #[error("there is no execution `{0}`: the service forgets those that ended 90 days ago")]
    NoExecution(String),
    /// An execution of that name has another input.
    #[error("an execution named `{name}` was started with another input: choose another name")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// An execution of an Express workflow cannot be asked for.
    #[error(
        "executions of an Express workflow cannot be asked how they are: `run` waits for one, and a log group has them all"
    )]
    Express,
    /// The execution failed, timed out or was stopped.
    #[error(transparent)]
    Failed(#[from] ExecutionFailure),
    /// The output is not what the workflow declares: the state machine is of another version.
    #[error("the output is not what the workflow declares: {}", ErrorBody::of(.0).error_message)]
    Output(#[source] Failed),
    /// The service could not be reached, or refused the call.
    #[error("the call of the service failed: {0}")]
    Call(#[source] Box<dyn Error + Send + Sync>),
}

/// The service's error as the client's; `about` is what was asked for.
pub(crate) fn refused<E, R>(error: SdkError<E, R>, about: &str) -> ClientError
where
    SdkError<E, R>: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match error.code() {
        Some("StateMachineDoesNotExist") => ClientError::NoStateMachine(about.to_owned()),
        Some("ExecutionDoesNotExist") => ClientError::NoExecution(about.to_owned()),
        _ => ClientError::Call(explained(error)),
    }
}
