//! Who does the work of Task States: the trait, the request and the failure.
//! Separate because everything that can run a task, from a closure to a process, meets the driver only here.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;

use crate::Timestamp;
use crate::core::Resource;
use crate::history::Fault;

/// Work to be done for a Task State.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRequest {
    /// The name of the execution.
    pub execution: Arc<str>,
    /// The name of the Task State.
    pub state: Arc<str>,
    /// Its `Resource`, placeholders such as `${ChargeFunctionArn}` untouched.
    pub resource: Arc<Resource>,
    /// Its evaluated `Arguments`.
    pub arguments: Value,
    /// The Task Token, in Wait for Callback and for Activities.
    pub token: Option<Arc<str>>,
    /// Which attempt of this State it is, counted from 0.
    pub attempt: u32,
    /// When it is handed over.
    pub started: Timestamp,
    /// When it must be done, if there is a limit.
    pub deadline: Option<Timestamp>,
    /// How long the worker may be silent, if there is a limit.
    pub heartbeat: Option<Duration>,
}

/// Work that failed: Error Name and cause as the execution will see them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {cause}")]
pub struct TaskFailure {
    /// The Error Name.
    pub error: String,
    /// What a person should know; often JSON text.
    pub cause: String,
}

impl TaskFailure {
    /// A failure of that name and cause.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into() }
    }
}

impl From<TaskFailure> for Fault {
    fn from(failure: TaskFailure) -> Self {
        Self { error: Some(failure.error.into()), cause: Some(failure.cause.into()) }
    }
}

/// Somebody who does the work of Task States.
///
/// What it gives is the result as the service integration gives it: for `lambda:invoke` the whole envelope, not only
/// the payload ([`LambdaService`](crate::lambda::LambdaService) sees to that). In Wait for Callback it is the answer
/// to the request; the result comes with the Task Token.
///
/// Any `Fn(TaskRequest) -> impl Future` is one:
///
/// ```
/// use sfn_asl::Value;
/// use sfn_engine::driver::{TaskFailure, TaskRequest, TaskRunner};
///
/// fn takes_a_runner(_: impl TaskRunner) {}
///
/// takes_a_runner(|request: TaskRequest| async move { Ok::<Value, TaskFailure>(request.arguments) });
/// ```
pub trait TaskRunner: Send + Sync + 'static {
    /// Begins the work. The future is polled by the driver; work that keeps a processor busy belongs on a thread of
    /// its own.
    fn run(&self, request: TaskRequest) -> BoxFuture<'static, Result<Value, TaskFailure>>;
}

impl<F, R> TaskRunner for F
where
    F: Fn(TaskRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Value, TaskFailure>> + Send + 'static,
{
    fn run(&self, request: TaskRequest) -> BoxFuture<'static, Result<Value, TaskFailure>> {
        self(request).boxed()
    }
}
