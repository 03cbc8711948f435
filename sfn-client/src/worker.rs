//! Workers: processes of your own that do the work of activities. Separate from clients, which start executions and do
//! none of their work.

mod job;
mod patience;
mod poll;
mod serve;

use crate::Client;
use crate::token::StepFunctions;
use poll::Served;
use sfn_core::{Origin, Pattern, Repetition, SetupError, Surroundings, TaskEntry};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub use crate::worker_main as main;
pub use serve::serve;

/// Does the work of activities: polls for their tasks, runs the handlers, sends heartbeats, reports.
///
/// ```no_run
/// # use sfn_client::{Client, worker::{Worker, WorkerError}};
/// # async fn serve(tasks: Vec<sfn_core::TaskEntry>) -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::new(&Client::from_environment()?)
///     .tasks(tasks)
///     .activity("ship", "arn:aws:states:eu-west-1:123456789012:activity:ship")
///     .concurrency(4);
/// worker.run_until(async { tokio::signal::ctrl_c().await.unwrap_or_default() }).await?;
/// # Ok(())
/// # }
/// ```
///
/// A task that asks for a state finds the one that surrounds the run: `sfn::with_state(shop, worker.run_until(..))`.
#[must_use = "a worker works when `run_until` is awaited"]
pub struct Worker {
    sdk: aws_sdk_sfn::Client,
    tasks: Vec<TaskEntry>,
    arns: BTreeMap<String, String>,
    name: Option<String>,
    concurrency: usize,
    grace: Duration,
}

/// How far a worker has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Working,
    /// Finishes what it has and asks for nothing more.
    Draining,
    Over,
}

/// Why a worker does not work, or works no longer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// No workflow that it was given has a task for it.
    #[error("there is nothing to do: no workflow has a task with `#[task(activity)]`")]
    NoActivities,
    /// It does not know where an activity is.
    #[error("the activity of task `{task}` is not known: set `{variable}` to its ARN")]
    UnknownActivity {
        /// The task.
        task: &'static str,
        /// The environment variable.
        variable: String,
    },
    /// Two tasks of one name would share a queue, and either handler would do the work of both.
    #[error(
        "two tasks are named `{task}`: one at {first}, one at {second}; rename one with `#[task(name = \"..\")]`"
    )]
    AmbiguousTask {
        /// The name.
        task: &'static str,
        /// Where one stands.
        first: Origin,
        /// Where the other stands.
        second: Origin,
    },
    /// The service knows no such activity.
    #[error("there is no activity `{0}`: is it deployed, in this region and account?")]
    NoActivity(String),
    /// The state of a task cannot be had.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Nothing keeps what an idempotent task has done.
    #[error(
        "task `{0}` is idempotent, and nothing keeps its results: switch on the feature `idempotency` of `sfn`, or run within \
         `sfn::with_idempotency_store(..)`"
    )]
    NoStore(&'static str),
    /// Where an idempotent task's results are kept is not known.
    #[cfg(feature = "idempotency")]
    #[error("task `{task}` is idempotent, and where its results are kept is not known: {reason}")]
    UnknownStore {
        /// The task.
        task: &'static str,
        /// What is not set.
        reason: crate::EnvironmentError,
    },
    /// Nothing keeps what is too large to travel.
    #[cfg(feature = "stored")]
    #[error(
        "task `{0}` takes or gives a `Stored` value, and nothing keeps those: run within \
         `Surroundings::current().with_value_store(..).around(..)`"
    )]
    NoValueStore(&'static str),
    /// Where the values are kept that are too large to travel is not known.
    #[cfg(feature = "stored")]
    #[error("task `{task}` takes or gives a `Stored` value, and where those are kept is not known: {reason}")]
    UnknownBucket {
        /// The task.
        task: &'static str,
        /// What is not set.
        reason: crate::EnvironmentError,
    },
    /// The async runtime does not start.
    #[error("the async runtime does not start: {0}")]
    Runtime(#[from] std::io::Error),
    /// Its own code panicked.
    #[error("the worker broke: {0}")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

impl Worker {
    /// A worker that has nothing to do yet, and does at most eight tasks of each activity at a time.
    pub fn new(client: &Client) -> Self {
        Self {
            sdk: client.sdk.clone(),
            tasks: Vec::new(),
            arns: BTreeMap::new(),
            name: None,
            concurrency: 8,
            grace: Duration::from_secs(25),
        }
    }

    /// The same, for the activities among these tasks, too: `order_saga::tasks()`.
    pub fn tasks(mut self, tasks: impl IntoIterator<Item = TaskEntry>) -> Self {
        for task in tasks.into_iter().filter(|task| task.spec.pattern == Pattern::Activity) {
            if !self.tasks.iter().any(|known| known.spec.origin == task.spec.origin) {
                self.tasks.push(task);
            }
        }
        self
    }

    /// The same, with the ARN of a task's activity. Without it the environment has it: `SHIP_ACTIVITY_ARN` for `ship`.
    pub fn activity(mut self, task: impl Into<String>, arn: impl Into<String>) -> Self {
        self.arns.insert(task.into(), arn.into());
        self
    }

    /// The same, doing at most so many tasks of each activity at a time.
    pub fn concurrency(self, tasks: usize) -> Self {
        Self { concurrency: tasks.max(1), ..self }
    }

    /// The same, under a name that histories show.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// The same, with so long between the word to stop and the end, 25 seconds unless told otherwise: ECS kills a
    /// container after 30.
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// Works until a future is over, then finishes what it has begun.
    ///
    /// It asks for no more tasks then, but a request that is under way is waited for, since the service may have given a task
    /// to it. What is not finished when the grace is over fails with `Task.Stopped`, which is retried by default, so that
    /// another worker takes it up.
    ///
    /// # Errors
    ///
    /// An activity is not known, here or to the service, or two tasks bear one name. What the service refuses otherwise is tried again, less and less
    /// often.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), WorkerError> {
        if self.tasks.is_empty() {
            return Err(WorkerError::NoActivities);
        }
        self.check_names()?;
        let arns = self.tasks.iter().map(|task| self.arn_of(task)).collect::<Result<Vec<_>, _>>()?;
        let (stage, stages) = watch::channel(Stage::Working);
        let surroundings = Surroundings::current();
        if let (Some(task), None) = (idempotent(&self.tasks), &surroundings.idempotency_store) {
            return Err(WorkerError::NoStore(task.spec.name));
        }
        #[cfg(feature = "stored")]
        if let (Some(task), None) = (keeping(&self.tasks), &surroundings.value_store) {
            return Err(WorkerError::NoValueStore(task.spec.name));
        }
        let mut loops = JoinSet::new();
        for (&task, arn) in self.tasks.iter().zip(arns) {
            let served = Served {
                sdk: self.sdk.clone(),
                tokens: StepFunctions::of(self.sdk.clone()),
                task,
                arn,
                worker: self.name.clone(),
                surroundings: surroundings.clone(),
                stages: stages.clone(),
            };
            loops.spawn(Arc::new(served).serve(self.concurrency));
        }
        let mut ended = tokio::select! {
            () = stop => Ok(()),
            ended = first_failure(&mut loops) => ended,
        };
        stage.send_replace(Stage::Draining);
        // Whoever is still at work when the grace is over hears of it and is waited for below.
        let _ = timeout(self.grace, drain(&mut loops, &mut ended)).await;
        stage.send_replace(Stage::Over);
        drain(&mut loops, &mut ended).await;
        ended
    }

    fn check_names(&self) -> Result<(), WorkerError> {
        let mut known = BTreeMap::new();
        for TaskEntry { spec, .. } in &self.tasks {
            if let Some(first) = known.insert(spec.name, spec.origin) {
                return Err(WorkerError::AmbiguousTask { task: spec.name, first, second: spec.origin });
            }
        }
        Ok(())
    }

    fn arn_of(&self, task: &TaskEntry) -> Result<String, WorkerError> {
        let name = task.spec.name;
        if let Some(arn) = self.arns.get(name) {
            return Ok(arn.clone());
        }
        let variable = format!("{}_ACTIVITY_ARN", name.to_uppercase().replace('-', "_"));
        let arn = std::env::var(&variable).ok().filter(|arn| !arn.is_empty());
        arn.ok_or(WorkerError::UnknownActivity { task: name, variable })
    }
}

/// The first of the tasks that is idempotent.
fn idempotent(tasks: &[TaskEntry]) -> Option<&TaskEntry> {
    tasks.iter().find(|task| matches!(task.spec.repetition, Repetition::Replays(_)))
}

/// The first of the tasks that takes or gives what may be too large to travel.
#[cfg(feature = "stored")]
fn keeping(tasks: &[TaskEntry]) -> Option<&TaskEntry> {
    tasks.iter().find(|task| task.spec.takes_stored() || task.spec.gives_stored())
}

type Loops = JoinSet<Result<(), WorkerError>>;

/// Waits for all of them, or for the first that fails.
async fn first_failure(loops: &mut Loops) -> Result<(), WorkerError> {
    while let Some(ended) = next(loops).await {
        ended?;
    }
    Ok(())
}

/// Waits for all of them, whatever becomes of each; the first error stays.
async fn drain(loops: &mut Loops, first: &mut Result<(), WorkerError>) {
    while let Some(ended) = next(loops).await {
        if first.is_ok() {
            *first = ended;
        }
    }
}

/// Waits for one of them.
async fn next(loops: &mut Loops) -> Option<Result<(), WorkerError>> {
    let ended = loops.join_next().await?;
    Some(ended.unwrap_or_else(|error| Err(WorkerError::Broken(Box::new(error)))))
}

impl fmt::Debug for Worker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sdk: _, tasks, arns, name, concurrency, grace } = self;
        let mut worker = formatter.debug_struct("Worker");
        worker.field("tasks", tasks).field("arns", arns).field("name", name);
        worker.field("concurrency", concurrency).field("grace", grace).finish_non_exhaustive()
    }
}
