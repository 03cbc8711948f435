//! A task's run with its retries, as the Retrier of its State does it.
//! Separate because attempts know nothing of each other, and compensations are retried like everything else.

use std::fmt;

use serde_json::Value;

use super::attempt::{Limits, attempt};
use super::execution::with_retry_count;
use crate::Failed;
use crate::error::name;
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
            let ended = attempt(&task, with_retry_count(payload.clone(), retries), limits, retries).await;
            let is_late = ended.is_err();
            let failed = match ended.flatten() {
                Ok(output) => return Ok(output),
                Err(failed) => failed,
            };
            match policy {
                Some(policy) if retries < policy.attempts && is_retried(&task, &failed, is_late) => {
                    super::sleep(policy.delay(retries)).await;
                    retries += 1;
                }
                _ => return Err(failed),
            }
        }
    }
}

/// Natively there are no transient errors of Lambda: what is retried is what the task marks.
fn is_retried(task: &TaskEntry, failed: &Failed, is_late: bool) -> bool {
    let is_marked = task.spec.errors.iter().any(|error| error.retry && error.name == failed.error());
    // Whatever an execution failed with, to the service the Task that waited for it has failed.
    let wraps = !is_late && task.spec.integration.is_some_and(|service| service.executes);
    let error = if wraps { name::TASK_FAILED } else { failed.error() };
    let transient = task.spec.integration.map_or(&[][..], |service| service.transient);
    is_marked || transient.iter().any(|wanted| matches(wanted, error))
}

/// Whether a name in `ErrorEquals` is for an error.
fn matches(wanted: &str, error: &str) -> bool {
    wanted == error || wanted == name::TASK_FAILED && !error.starts_with("States.")
}

impl fmt::Debug for Invocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Invocation").field(&self.task).finish()
    }
}
