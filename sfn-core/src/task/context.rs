//! Where, and for which time, a task runs: what it receives when it has an argument of type [`TaskContext`].
//! Separate because half of it travels in the payload, written by the State, and half is known to the process alone.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Arguments, Surroundings};
use crate::native::is_executed;
use crate::shape::{Field, Record};
use crate::{Failed, Payload, Shape, execution};

/// Where a task runs, for which time, and how long it may take.
///
/// A task asks for it with an argument, `context: TaskContext`, and its State then writes one more field into the
/// payload; a task that does not ask costs nothing.
///
/// ```
/// use sfn_core::TaskContext;
///
/// fn note(context: &TaskContext) -> String {
///     format!("{} of {}, retry {}", context.state(), context.execution_name(), context.retry_count())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct TaskContext {
    place: Place,
    request_id: Option<Arc<str>>,
    trace_id: Option<Arc<str>>,
    deadline: Option<Instant>,
}

/// What the State writes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    execution: String,
    state: String,
    /// Nothing where the State has no Retriers.
    #[serde(default)]
    retry_count: u32,
}

impl TaskContext {
    /// The ARN of the execution, or of the child execution that a distributed map started, natively of the workflow's; of the
    /// region `native` where no workflow runs.
    pub fn execution_arn(&self) -> &str {
        &self.place.execution
    }

    /// The name of the execution, the part of its ARN that whoever started it chose.
    pub fn execution_name(&self) -> &str {
        // arn:PARTITION:states:REGION:ACCOUNT:execution:MACHINE:NAME, behind which Express executions have an id.
        self.place.execution.split(':').nth(7).unwrap_or(&self.place.execution)
    }

    /// The name of the State; natively the task's.
    pub fn state(&self) -> &str {
        &self.place.state
    }

    /// How many attempts have failed before this one.
    pub fn retry_count(&self) -> u32 {
        self.place.retry_count
    }

    /// The id of Lambda's request, by which its log can be searched; nothing outside of Lambda.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// X-Ray's header of the request, to be passed on as `X-Amzn-Trace-Id`, as the AWS SDK does by itself; nothing outside of
    /// Lambda.
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// When the process is stopped (on Lambda) or the attempt given up (natively); nothing where nobody counts.
    pub fn deadline(&self) -> Option<std::time::Instant> {
        self.deadline.map(Instant::into_std)
    }

    /// How much time is left until the [`deadline`](Self::deadline).
    pub fn remaining(&self) -> Option<Duration> {
        Some(self.deadline?.saturating_duration_since(Instant::now()))
    }

    /// What the State would write, where no state machine runs.
    pub(crate) fn native(state: &str, retry_count: u32) -> Value {
        let execution = if is_executed() { execution().id() } else { NATIVE.to_owned() };
        json!(Place { execution, state: state.to_owned(), retry_count })
    }

    /// The shape of what the State writes.
    pub(super) fn shape() -> Shape {
        let never: Option<fn() -> Value> = Some(|| Value::from(0));
        let retry_count = Field::required("retry_count", "retryCount", <u32 as Payload>::shape);
        Shape::Record(Record {
            name: "TaskContext",
            id: "sfn_core::TaskContext",
            fields: vec![
                Field::required("execution", "execution", <String as Payload>::shape),
                Field::required("state", "state", <String as Payload>::shape),
                Field { default: never, ..retry_count },
            ],
        })
    }
}

/// The execution of what no workflow runs.
const NATIVE: &str = "arn:aws:states:native:000000000000:execution:native:native";

/// Takes the context out of a handler's payload and what surrounds the run.
///
/// # Errors
///
/// `Payload.Invalid` where the payload has no such field: the State was written for another version of the task.
pub fn context_argument(arguments: &mut Arguments, name: &str) -> Result<TaskContext, Failed> {
    let place = arguments.take(name)?;
    let Surroundings { request_id, trace_id, deadline, .. } = Surroundings::current();
    Ok(TaskContext { place, request_id, trace_id, deadline })
}
