//! Who does the work of Task States: the trait, the request and the answer.
//! Separate because everything that can run a task, from a closure to a process, meets the driver only here.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;

use crate::Timestamp;
use crate::core::{Identity, Random, Resource, TaskId, TaskStart};
use crate::history::Fault;

/// Work to be done for a Task State.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRequest {
    /// The names and ARNs of the execution and its State Machine.
    pub identity: Arc<Identity>,
    /// The test case the execution was started with, which chooses its mocks.
    pub test_case: Option<Arc<str>>,
    /// Under which number the journal keeps its execution, if that outlives the process.
    pub number: Option<u64>,
    /// Which attempt at which Task it is, within its execution. A request that is made again because the process died
    /// before its answer was kept is for the same one.
    pub task: TaskId,
    /// The name of the Task State.
    pub state: Arc<str>,
    /// Its `Resource`, placeholders such as `${ChargeFunctionArn}` untouched.
    pub resource: Arc<Resource>,
    /// Its evaluated `Arguments`.
    pub arguments: Value,
    /// The Task Token, in Run a Job, in Wait for Callback and for Activities.
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

impl TaskRequest {
    /// The request for a Task that an execution of that name hands over.
    pub(crate) fn of(
        start: &TaskStart,
        identity: Arc<Identity>,
        test_case: Option<Arc<str>>,
        number: Option<u64>,
        now: Timestamp,
    ) -> Self {
        Self {
            identity,
            test_case,
            number,
            task: start.task,
            state: Arc::clone(&start.state),
            resource: Arc::clone(&start.resource),
            arguments: start.arguments.clone(),
            token: start.token.clone(),
            attempt: start.attempt,
            started: now,
            deadline: start.deadline,
            heartbeat: start.heartbeat,
        }
    }

    /// A name that only this request has, and has again when it is made again: a UUID.
    pub fn unique_name(&self) -> String {
        let mut random = Random::seeded(self.task.0);
        for chunk in self.identity.execution_arn.as_bytes().chunks(8) {
            let word = chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            random = Random::seeded(random.next_u64() ^ word);
        }
        random.uuid()
    }
}

/// What somebody who was handed a Task answers.
#[derive(Debug)]
pub enum Answer {
    /// What the service called says. In Request Response and Run a Job it is the result; in Wait for Callback the
    /// result comes with the Task Token.
    Response(Value),
    /// The service called took the request, and the result comes later.
    Job(Job),
    /// The Task is for a worker of the Activity: the engine keeps it until one asks for it.
    Worker,
}

/// Work that somebody has begun and that goes on.
pub struct Job {
    /// What the service called said at once; the history shows it as submitted.
    pub submitted: Value,
    /// Comes to the job's result. Dropped when nobody wants the result any more: whatever the job holds must end then.
    pub result: BoxFuture<'static, Result<Value, TaskFailure>>,
    /// Whether all the job does is done by this engine, so that a clock that can jump need not stand still for it.
    pub is_inside: bool,
}

impl Job {
    /// A job that somebody outside the engine works on.
    pub fn new(
        submitted: Value,
        result: impl Future<Output = Result<Value, TaskFailure>> + Send + 'static,
    ) -> Self {
        Self { submitted, result: result.boxed(), is_inside: false }
    }
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        Self::Response(value)
    }
}

impl From<Job> for Answer {
    fn from(job: Job) -> Self {
        Self::Job(job)
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Job").field("submitted", &self.submitted).finish_non_exhaustive()
    }
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

/// The answer to a request, when it comes.
pub type TaskFuture = BoxFuture<'static, Result<Answer, TaskFailure>>;

/// Somebody who does the work of Task States.
///
/// What it gives is the result as the service integration gives it: for `lambda:invoke` the whole envelope, not only
/// the payload ([`Services`](crate::services::Services) sees to that).
///
/// Any `Fn(TaskRequest) -> impl Future` is one that answers with a [`Response`](Answer::Response):
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
    fn run(&self, request: TaskRequest) -> TaskFuture;

    /// Gives up a job that an earlier process had begun when its Task was stopped, failed or timed out: what outlives
    /// the process must end now. Nothing does, unless a runner knows better.
    fn give_up(&self, request: TaskRequest) {
        drop(request);
    }
}

impl<F, R> TaskRunner for F
where
    F: Fn(TaskRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Value, TaskFailure>> + Send + 'static,
{
    fn run(&self, request: TaskRequest) -> TaskFuture {
        let answer = self(request);
        answer.map(|answer| answer.map(Answer::Response)).boxed()
    }
}
