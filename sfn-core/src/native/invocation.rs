//! A task's run with its retries, as the Retrier of its State does it.
//! Separate because attempts know nothing of each other, and compensations are retried like everything else.

use std::fmt;

use serde_json::Value;

use super::attempt::{Ended, Limits, attempt, supply};
use super::execution::{unique, with_retry_count};
use crate::Failed;
use crate::error::name;
use crate::task::{ArgumentSource, CallOptions, TaskEntry};

/// A call of a task without its types.
pub(crate) struct Invocation {
    pub(crate) task: TaskEntry,
    pub(crate) payload: Result<Value, Failed>,
    pub(crate) options: CallOptions,
}

impl Invocation {
    /// Runs the task until an attempt succeeds or its failure is not, or no longer, retried.
    pub(crate) async fn run(self) -> Result<Value, Failed> {
        self.end().await.flatten()
    }

    /// The same, told apart from a task that took too long.
    pub(crate) async fn end(self) -> Ended {
        let Self { task, payload, options } = self;
        let mut payload = match payload {
            Ok(payload) => payload,
            Err(unfit) => return Ok(Err(unfit)),
        };
        let limits = Limits {
            timeout: options.timeout.or(task.spec.timeout),
            heartbeat: options.heartbeat.or(task.spec.heartbeat),
        };
        // What the State would write, the same for all attempts.
        supply(&task, &mut payload, ArgumentSource::Visit, || unique().into());
        let policy = options.retry.unwrap_or(task.spec.retry).policy();
        let known = policy.map_or_else(Vec::new, |policy| task.spec.retriers(policy));
        let mut used = vec![0; known.len()];
        loop {
            let retries = used.iter().sum();
            let ended = attempt(&task, with_retry_count(payload.clone(), retries), limits, retries).await;
            let error = match &ended {
                Ok(Ok(_)) => return ended,
                // Whatever an execution failed with, to the service the Task that waited for it has failed.
                Ok(Err(_)) if task.spec.executes() => name::TASK_FAILED,
                Ok(Err(failed)) | Err(failed) => failed.error(),
            };
            let taken_by = known.iter().position(|retrier| retrier.takes(error));
            match taken_by.filter(|at| used[*at] < known[*at].policy.attempts) {
                Some(at) => {
                    super::sleep(known[at].policy.delay(used[at])).await;
                    used[at] += 1;
                }
                None => return ended,
            }
        }
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Invocation").field(&self.task).finish()
    }
}
