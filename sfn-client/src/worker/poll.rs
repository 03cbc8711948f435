//! One activity: asking for its tasks, for as long as there is room for one more. Separate from the tasks themselves, which
//! go on while the next is asked for.

use super::patience::Patience;
use super::{Stage, WorkerError};
use crate::explained::{explained, tell};
use crate::token::StepFunctions;
use aws_sdk_sfn::error::ProvideErrorMetadata as _;
use aws_sdk_sfn::operation::get_activity_task::GetActivityTaskOutput;
use sfn_core::{Surroundings, TaskEntry};
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// An activity that is served.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) sdk: aws_sdk_sfn::Client,
    pub(super) tokens: StepFunctions,
    pub(super) task: TaskEntry,
    pub(super) arn: String,
    pub(super) worker: Option<String>,
    pub(super) surroundings: Surroundings,
    pub(super) stages: watch::Receiver<Stage>,
}

impl Served {
    /// Serves it to the end.
    pub(super) async fn serve(self: Arc<Self>, concurrency: usize) -> Result<(), WorkerError> {
        let (room, mut jobs) = (Arc::new(Semaphore::new(concurrency)), JoinSet::new());
        let mut patience = Patience::default();
        loop {
            while jobs.try_join_next().is_some() {}
            let place = tokio::select! {
                biased;
                () = self.until(Stage::Draining) => break,
                place = Arc::clone(&room).acquire_owned() => place,
            };
            let polled = tokio::select! {
                biased;
                polled = self.poll() => polled,
                () = self.until(Stage::Over) => break,
            };
            match polled {
                Ok(GetActivityTaskOutput { task_token: Some(token), input, .. }) if !token.is_empty() => {
                    patience = Patience::default();
                    let served = Arc::clone(&self);
                    jobs.spawn(async move {
                        served.work(token, input.unwrap_or_default()).await;
                        drop(place);
                    });
                }
                // Nothing to do for a minute.
                Ok(_) => patience = Patience::default(),
                Err(error) => {
                    tell(&format!("warning: no tasks of `{}`: {}", self.task.spec.name, error?));
                    tokio::select! {
                        () = self.until(Stage::Draining) => break,
                        () = patience.wait() => {}
                    }
                }
            }
        }
        while jobs.join_next().await.is_some() {}
        Ok(())
    }

    /// One request, which the service answers within a minute: with a task, or that there is none.
    ///
    /// Of the errors, the outer one ends the worker; the inner one passes.
    async fn poll(&self) -> Result<GetActivityTaskOutput, Result<String, WorkerError>> {
        let poll = self.sdk.get_activity_task().activity_arn(&self.arn);
        poll.set_worker_name(self.worker.clone()).send().await.map_err(|error| match error.code() {
            Some("ActivityDoesNotExist" | "InvalidArn") => Err(WorkerError::NoActivity(self.arn.clone())),
            _ => Ok(explained(error).to_string()),
        })
    }

    /// Waits for a stage, or a later one.
    pub(super) async fn until(&self, wanted: Stage) {
        // A worker that is gone is over.
        let _ = self.stages.clone().wait_for(|stage| *stage >= wanted).await;
    }
}
