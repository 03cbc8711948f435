//! A task as a value: what it declares, and a function that runs it.
//! Separate because whoever serves many tasks (a Lambda binary, a test) holds them in one list.

use std::fmt;
use std::pin::Pin;

use serde_json::Value;

use super::{Repetition, Task, TaskSpec};
use crate::Failed;
use crate::idempotency::once;
use crate::native::catch_panics;

/// The run of a handler: its answer, or how it failed.
pub type TaskFuture = Pin<Box<dyn Future<Output = Result<Value, Failed>> + Send>>;

/// A task as a value.
#[derive(Clone, Copy)]
pub struct TaskEntry {
    /// What it declares.
    pub spec: TaskSpec,
    /// Runs its handler, unless it is idempotent and was run for the same call. A panic of the body is the failure
    /// `Task.Panicked`.
    pub run: fn(Value) -> TaskFuture,
}

impl TaskEntry {
    /// The entry of a task.
    pub const fn of<T: Task>() -> Self {
        Self {
            spec: T::SPEC,
            run: |payload| match &T::SPEC.repetition {
                Repetition::Replays(idempotency) => Box::pin(once(&T::SPEC, idempotency, payload, run::<T>)),
                Repetition::Counts | Repetition::Harmless => Box::pin(run::<T>(payload)),
            },
        }
    }
}

fn run<T: Task>(payload: Value) -> impl Future<Output = Result<Value, Failed>> + Send {
    erased(&T::SPEC, |payload| Box::pin(T::run(payload)), payload)
}

/// What is the same for every handler, so that a program has it once.
#[cfg(not(feature = "stored"))]
async fn erased(_: &TaskSpec, handler: fn(Value) -> TaskFuture, payload: Value) -> Result<Value, Failed> {
    catch_panics(handler(payload)).await
}

/// What is the same for every handler, so that a program has it once: fetches what is stored, runs the handler, and puts
/// away what it gave.
#[cfg(feature = "stored")]
async fn erased(spec: &TaskSpec, handler: fn(Value) -> TaskFuture, payload: Value) -> Result<Value, Failed> {
    let payload = crate::stored::opened(spec, payload).await?;
    let output = catch_panics(handler(payload)).await?;
    if spec.gives_stored() { crate::stored::put_away(output).await } else { Ok(output) }
}

impl fmt::Debug for TaskEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("TaskEntry").field(&self.spec.name).finish()
    }
}
