//! An execution of a workflow: how it is, what it gave, how it failed. Separate from state machines, because whoever holds
//! its ARN may ask, long after and elsewhere.

use crate::ClientError;
use crate::error::refused;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use serde_json::Value;
use sfn_core::{ExecutionType, Failed, Failure, Payload, TaskError, Workflow, decode, fail, read_failure};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// An execution of a workflow.
pub struct Execution<W> {
    sdk: aws_sdk_sfn::Client,
    arn: String,
    workflow: PhantomData<fn() -> W>,
}

/// How an execution is.
#[derive(Debug, Clone, PartialEq)]
pub enum State<O> {
    /// It goes on.
    Running,
    /// It has ended, with an output.
    Succeeded(O),
    /// It has ended, without an output.
    Failed(ExecutionFailure),
}

/// How an execution ended without an output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the execution {end}: {failed}")]
pub struct ExecutionFailure {
    /// How it ended.
    pub end: End,
    /// The error name and the cause, as far as the service knows them.
    pub failed: Failed,
}

/// The ways to end without an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A State failed, and nothing caught it.
    Failed,
    /// It took longer than its state machine allows.
    TimedOut,
    /// Somebody stopped it.
    Aborted,
}

/// The first and the longest delay between two looks at an execution that goes on.
const DELAYS: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

impl<W: Workflow> Execution<W> {
    pub(crate) fn new(sdk: aws_sdk_sfn::Client, arn: String) -> Self {
        Self { sdk, arn, workflow: PhantomData }
    }

    /// The ARN, for [`Client::execution`](crate::Client::execution).
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// How the execution is now.
    ///
    /// # Errors
    ///
    /// The execution cannot be read, or its output is not the workflow's.
    pub async fn state(&self) -> Result<State<W::Output>, ClientError> {
        let found = self.describe().await?;
        if found.status.as_str() == "RUNNING" || found.status.as_str() == "PENDING_REDRIVE" {
            return Ok(State::Running);
        }
        match ExecutionFailure::of(found.status.as_str(), found.error(), found.cause()) {
            Some(failure) => Ok(State::Failed(failure)),
            None => decoded(found.output()).map(State::Succeeded),
        }
    }

    /// Waits for the output. Asks the service how the execution is, at first every 100 milliseconds, in the end every five
    /// seconds.
    ///
    /// # Errors
    ///
    /// [`ClientError::Failed`] where the execution fails, and whatever [`state`](Self::state) gives.
    pub async fn output(&self) -> Result<W::Output, ClientError> {
        let [mut delay, longest] = DELAYS;
        loop {
            match self.state().await? {
                State::Running => tokio::time::sleep(delay).await,
                State::Succeeded(output) => return Ok(output),
                State::Failed(failure) => return Err(failure.into()),
            }
            delay = (delay * 3 / 2).min(longest);
        }
    }

    /// Stops the execution; what it did is not undone.
    ///
    /// # Errors
    ///
    /// There is no such execution, or the service refuses.
    pub async fn stop(&self, reason: &Failed) -> Result<(), ClientError> {
        let request = self.sdk.stop_execution().execution_arn(&self.arn);
        let stopped = request.error(reason.error()).cause(reason.cause()).send().await;
        stopped.map(drop).map_err(|error| refused(error, &self.arn))
    }

    pub(crate) async fn describe(&self) -> Result<DescribeExecutionOutput, ClientError> {
        if W::KIND == ExecutionType::Express {
            return Err(ClientError::Express);
        }
        let request = self.sdk.describe_execution().execution_arn(&self.arn);
        request.send().await.map_err(|error| refused(error, &self.arn))
    }
}

impl ExecutionFailure {
    /// The failure behind a status; nothing where the execution has succeeded.
    pub(crate) fn of(status: &str, error: Option<&str>, cause: Option<&str>) -> Option<Self> {
        let end = match status {
            "SUCCEEDED" => return None,
            "TIMED_OUT" => End::TimedOut,
            "ABORTED" => End::Aborted,
            _ => End::Failed,
        };
        Some(Self { end, failed: fail(error.unwrap_or_default(), cause.unwrap_or_default()) })
    }

    /// The error that a task of the workflow declared, where it is one of these, with its fields.
    ///
    /// ```
    /// # use sfn_core::fail;
    /// # use sfn_client::{End, ExecutionFailure};
    /// # type PaymentError = std::convert::Infallible;
    /// let failure = ExecutionFailure { end: End::Failed, failed: fail("OutOfStock", "none left") };
    /// assert_eq!(failure.declared::<PaymentError>(), None);
    /// assert_eq!(failure.to_string(), "the execution failed: OutOfStock: none left");
    /// ```
    pub fn declared<E: TaskError>(&self) -> Option<E> {
        match read_failure(self.failed.clone()) {
            Failure::Task(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
            Self::Aborted => "was stopped",
        })
    }
}

/// An output as the workflow declares it.
pub(crate) fn decoded<O: Payload>(output: Option<&str>) -> Result<O, ClientError> {
    let json = serde_json::from_str::<Value>(output.unwrap_or("null"));
    let json = json.map_err(|error| ClientError::Output(fail("Payload.Invalid", error.to_string())))?;
    decode(json).map_err(ClientError::Output)
}

impl<W> Clone for Execution<W> {
    fn clone(&self) -> Self {
        Self { sdk: self.sdk.clone(), arn: self.arn.clone(), workflow: PhantomData }
    }
}

impl<W> fmt::Debug for Execution<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Execution").field(&self.arn).finish()
    }
}
