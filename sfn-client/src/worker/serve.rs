//! The life of a worker's process: it finds credentials and stores, works, and ends when it is told to. Separate from the
//! worker, which is given all of that.

use super::{Worker, WorkerError};
use crate::explained::tell;
use crate::{Client, environment, step_functions};
#[cfg(any(feature = "idempotency", feature = "stored"))]
use aws_types::SdkConfig;
#[cfg(any(feature = "idempotency", feature = "stored"))]
use sfn_core::Surroundings;
use sfn_core::{Setup, TaskEntry};
use std::process::ExitCode;
#[cfg(any(feature = "idempotency", feature = "stored"))]
use std::sync::Arc;

/// Serves the activities among tasks until the process is told to end. [`main!`](super::main!) calls it.
///
/// Credentials are found as the AWS SDK finds them everywhere: in the environment, a profile, a container's or a machine's
/// role, a web identity.
pub fn serve(tasks: impl IntoIterator<Item = TaskEntry>, setup: Setup) -> ExitCode {
    match run(tasks, setup) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(tasks: impl IntoIterator<Item = TaskEntry>, setup: Setup) -> Result<(), WorkerError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let found = environment::found().await;
        let sdk = step_functions::of(&found);
        crate::install_tokens_with(sdk.clone());
        let worker = Worker::new(&Client::new(sdk)).tasks(tasks);
        let specs: Vec<_> = worker.tasks.iter().map(|task| &task.spec).collect();
        let (surroundings, closings) = setup.build(&specs).await?;
        #[cfg(feature = "idempotency")]
        let surroundings = with_store(&worker.tasks, surroundings, &found)?;
        #[cfg(feature = "stored")]
        let surroundings = with_values(&worker.tasks, surroundings, &found)?;
        let ended = surroundings.around(worker.run_until(told_to_end())).await;
        for closing in closings {
            closing.await;
        }
        ended
    })
}

/// What keeps the results of idempotent tasks, where there are any.
#[cfg(feature = "idempotency")]
fn with_store(
    tasks: &[TaskEntry],
    surroundings: Surroundings,
    found: &SdkConfig,
) -> Result<Surroundings, WorkerError> {
    let Some(task) = super::idempotent(tasks) else { return Ok(surroundings) };
    let store = crate::DynamoDbStore::found(found)
        .map_err(|reason| WorkerError::UnknownStore { task: task.spec.name, reason })?;
    Ok(surroundings.with_idempotency_store(Arc::new(store)))
}

/// What keeps the values that do not travel, where there are any.
#[cfg(feature = "stored")]
fn with_values(
    tasks: &[TaskEntry],
    surroundings: Surroundings,
    found: &SdkConfig,
) -> Result<Surroundings, WorkerError> {
    let Some(task) = super::keeping(tasks) else { return Ok(surroundings) };
    let bucket = crate::S3Values::found(found)
        .map_err(|reason| WorkerError::UnknownBucket { task: task.spec.name, reason })?;
    Ok(surroundings.with_value_store(Arc::new(bucket)))
}

/// Waits for Ctrl-C or, as containers are ended, SIGTERM.
async fn told_to_end() {
    let interrupted = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        let Ok(mut terminated) = terminated else { return interrupted.await };
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
