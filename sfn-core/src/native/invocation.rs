//! A task's run with its retries, as the Retrier of its State does it.
//! Separate because attempts know nothing of each other, and compensations are retried like everything else.

use std::fmt;

use serde_json::Value;

use super::attempt::{Limits, attempt};
use crate::Failed;
use crate::task::{CallOptions, TaskEntry};

/// A call of a task without its types.
pub(crate) struct Invocation {
    pub(crate) task: TaskEntry,
    pub(crate) payload: Result<Value, Failed>,
    pub(crate) options: CallOptions,
}

impl Invocation {
    /// Runs the task until an attempt succeeds or its failure is not, or no longer, retried.
    pub(crate) async fn run(self) -> Result<Value, Failed> {
        let Self { task, payload, options } = self;
        let payload = payload?;
        let limits = Limits {
            timeout: options.timeout.or(task.spec.timeout),
            heartbeat: options.heartbeat.or(task.spec.heartbeat),
        };
        let policy = options.retry.unwrap_or(task.spec.retry).policy();
        let mut retries = 0;
        loop {
            let failed = match attempt(&task, payload.clone(), limits).await {
                Ok(output) => return Ok(output),
                Err(failed) => failed,
            };
            match policy {
                Some(policy) if retries < policy.attempts && is_retried(&task, &failed) => {
                    super::sleep(policy.delay(retries)).await;
                    retries += 1;
                }
                _ => return Err(failed),
            }
        }
    }
}

/// Natively there are no transient errors of Lambda: what is retried is what the task marks.
fn is_retried(task: &TaskEntry, failed: &Failed) -> bool {
    let is_marked = task.spec.errors.iter().any(|error| error.retry && error.name == failed.error());
    let transient = task.spec.integration.map_or(&[][..], |service| service.transient);
    is_marked || transient.iter().any(|name| matches(name, failed.error()))
}

/// Whether a name in `ErrorEquals` is for an error.
fn matches(name: &str, error: &str) -> bool {
    name == error || name == "States.TaskFailed" && !error.starts_with("States.")
}

impl fmt::Debug for Invocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Invocation").field(&self.task).finish()
    }
}
