//! The life of a served process: choose the task, start the runtime, report what prevents it. Apart from one
//! invocation's handling, because this happens once.

use crate::request::{Request, send};
use crate::service::TaskService;
use crate::{environment, logs, panics, select, shutdown};
use sfn_core::{ErrorBody, Repetition, Setup, SetupError, Surroundings, TaskEntry, TaskSpec};
use std::error::Error;
use std::process::ExitCode;

/// Serves one of the tasks for as long as Lambda lets this process live. [`main!`](crate::main) calls it.
///
/// Returns only on failure: when the environment is not Lambda's, when no task bears the name that is asked for, when its
/// state cannot be built, or when the Runtime API is gone. The reason is written to stderr and, where possible, reported to
/// Lambda.
pub fn serve(tasks: impl IntoIterator<Item = TaskEntry>, setup: Setup) -> ExitCode {
    let tasks: Vec<TaskEntry> = tasks.into_iter().chain(own_tasks()).collect();
    match run(&tasks, setup) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            logs::line(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// What a program serves beside tasks of the user's.
fn own_tasks() -> impl Iterator<Item = TaskEntry> {
    #[cfg(feature = "links")]
    return std::iter::once(crate::links::entry());
    #[cfg(not(feature = "links"))]
    std::iter::empty()
}

/// The task that this process is to serve, as a [`tower`](lambda_runtime::tower) service: for a runtime with layers of your
/// own around every invocation, where [`serve`] is a runtime with none.
///
/// All that `serve` does before the first invocation is done here; a failure of it is reported to Lambda.
///
/// ```no_run
/// use sfn_core::Setup;
/// use sfn_lambda::lambda_runtime::layers::TracingLayer;
/// use sfn_lambda::lambda_runtime::{Error, Runtime};
/// # mod order_saga { pub(super) fn tasks() -> Vec<sfn_core::TaskEntry> { Vec::new() } }
///
/// #[tokio::main]
/// async fn main() -> Result<(), Error> {
///     let service = sfn_lambda::service(order_saga::tasks(), Setup::new()).await?;
///     Runtime::new(service).layer(TracingLayer::new()).run().await
/// }
/// ```
///
/// # Errors
///
/// Those for which `serve` returns before the first invocation.
pub async fn service(
    tasks: impl IntoIterator<Item = TaskEntry>,
    setup: Setup,
) -> Result<TaskService, ServeError> {
    let tasks: Vec<TaskEntry> = tasks.into_iter().chain(own_tasks()).collect();
    start(&tasks, setup).await.map_err(ServeError)
}

/// Why a process serves nothing.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ServeError(Reason);

#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error(transparent)]
    NotLambda(#[from] environment::NotLambda),
    #[error(transparent)]
    Select(#[from] select::SelectError),
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error(
        "task `{task}` is idempotent, and this program is built without what keeps its results: add the feature `idempotency` \
         of `sfn` where it is deployed"
    )]
    #[cfg(not(feature = "idempotency"))]
    NoStore { task: &'static str },
    #[error(
        "task `{task}` is idempotent, and where its results are kept is not known: {reason}; `cargo sfn template` does it"
    )]
    #[cfg(feature = "idempotency")]
    UnknownStore { task: &'static str, reason: sfn_client::EnvironmentError },
    #[error(
        "task `{task}` takes or gives a `Stored` value, and where those are kept is not known: {reason}; `cargo sfn template` \
         says it to the functions that need it"
    )]
    #[cfg(feature = "stored")]
    UnknownBucket { task: &'static str, reason: sfn_client::EnvironmentError },
    #[cfg(feature = "links")]
    #[error(transparent)]
    Links(#[from] sfn_client::LinkSecretError),
    #[error("Lambda would not tell when the process is to end: {0}")]
    Shutdown(#[source] Box<dyn Error + Send + Sync>),
    #[error("the async runtime does not start: {0}")]
    Tokio(#[from] std::io::Error),
    #[error("the Lambda Runtime API failed: {0}")]
    RuntimeApi(#[from] lambda_runtime::Error),
}

fn run(tasks: &[TaskEntry], setup: Setup) -> Result<(), Reason> {
    // Several threads: a task that computes for long must not stop the heartbeats it has spawned.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let service = start(tasks, setup).await?;
        // `lambda_runtime::run` would add a span of its own around ours.
        Ok(lambda_runtime::Runtime::new(service).run().await?)
    })
}

/// Chooses the task, and sets up what it needs.
async fn start(tasks: &[TaskEntry], setup: Setup) -> Result<TaskService, Reason> {
    let variable = |name: &str| std::env::var(name).ok();
    environment::check(variable)?;
    let task = match select::select(tasks, &select::asked(variable, std::env::args().next().as_deref())) {
        Ok(task) => task,
        Err(error) => {
            report(HANDLER_NOT_FOUND, error.to_string()).await;
            return Err(error.into());
        }
    };
    panics::record_places();
    #[cfg(feature = "tracing")]
    logs::subscribe(variable);
    #[cfg(feature = "client")]
    sfn_client::install_tokens();
    match set_up(&task.spec, setup).await {
        Ok(surroundings) => Ok(TaskService::new(task, surroundings)),
        Err(error) => {
            report(INIT_FAILED, error.to_string()).await;
            Err(error)
        }
    }
}

async fn set_up(task: &TaskSpec, setup: Setup) -> Result<Surroundings, Reason> {
    #[cfg(feature = "links")]
    sfn_client::install_links().await?;
    let (surroundings, closings) = setup.build(&[task]).await?;
    if !closings.is_empty() {
        shutdown::before(closings).await.map_err(Reason::Shutdown)?;
    }
    #[cfg(feature = "stored")]
    let surroundings = with_values(task, surroundings)?;
    if let Repetition::Replays(_) = task.repetition {
        return with_store(task, surroundings);
    }
    Ok(surroundings)
}

#[cfg(feature = "idempotency")]
fn with_store(task: &TaskSpec, surroundings: Surroundings) -> Result<Surroundings, Reason> {
    let store = sfn_client::DynamoDbStore::from_environment();
    let store = store.map_err(|reason| Reason::UnknownStore { task: task.name, reason })?;
    Ok(surroundings.with_idempotency_store(std::sync::Arc::new(store)))
}

#[cfg(not(feature = "idempotency"))]
fn with_store(task: &TaskSpec, _: Surroundings) -> Result<Surroundings, Reason> {
    Err(Reason::NoStore { task: task.name })
}

/// What keeps the values that do not travel: a bucket, or a folder where one is named.
#[cfg(feature = "stored")]
fn with_values(task: &TaskSpec, surroundings: Surroundings) -> Result<Surroundings, Reason> {
    if !task.takes_stored() && !task.gives_stored() {
        return Ok(surroundings);
    }
    if let Some(folder) = std::env::var_os(crate::folder::FOLDER) {
        return Ok(
            surroundings.with_value_store(std::sync::Arc::new(crate::folder::FolderValues::new(folder)))
        );
    }
    let bucket = sfn_client::S3Values::from_environment();
    let bucket = bucket.map_err(|reason| Reason::UnknownBucket { task: task.name, reason })?;
    Ok(surroundings.with_value_store(std::sync::Arc::new(bucket)))
}

/// Tells Lambda why the process ends, so that the reason stands in the invocation's result, not only in the log.
async fn report(error_type: &str, message: String) {
    let request = Request {
        method: "POST",
        path: "/2018-06-01/runtime/init/error",
        header: ("lambda-runtime-function-error-type", error_type),
        body: ErrorBody { error_type: error_type.to_owned(), error_message: message }.to_string(),
    };
    if let Err(reason) = send(request, "").await {
        logs::line(&format!("warning: the error below could not be reported to Lambda: {reason}"));
    }
}

/// The name that Lambda's own runtimes give to this error.
const HANDLER_NOT_FOUND: &str = "Runtime.HandlerNotFound";
/// The name of the error of a state that is not there.
const INIT_FAILED: &str = "Runtime.InitFailed";
