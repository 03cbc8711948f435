//! Tasks: what one is, what it declares, how it is called and what its handler receives.
//! Separate because a task is whole without any workflow: a Lambda function needs only this.

mod arguments;
mod call;
mod context;
mod entry;
mod retry;
mod setup;
mod spec;
mod surroundings;

use std::future::Future;

use serde_json::Value;

use crate::payload::encode;
use crate::{Failed, Payload, TaskError, write_error};

pub use arguments::Arguments;
pub use call::{CallOptions, Compensated, TaskCall};
pub(crate) use call::{Undo, UndoUnknown};
pub use context::{TaskContext, context_argument};
pub use entry::{TaskEntry, TaskFuture};
pub(crate) use retry::Retrier;
pub use retry::{Retry, RetryPolicy};
pub use setup::{Closing, Setup, SetupError};
pub use spec::{ArgumentSource, ArgumentSpec, Pattern, Repetition, StateSpec, TaskSpec};
pub use surroundings::{Provided, Stateful, Surroundings, state, with_state};

/// A unit of the user's work, served by a Lambda function: what `#[task]` makes of an `async fn`.
///
/// The macro makes a type of the function's name; `charge_payment(..)` calls the task, `charge_payment` in a type's
/// place names it.
pub trait Task: Sized + 'static {
    /// What it gives. For a task that waits for a callback: what its token is completed with.
    type Output: Payload;
    /// What it fails with.
    type Error: TaskError;

    /// Everything known about it when the workflow is built.
    const SPEC: TaskSpec;

    /// Decodes the payload, runs the user's body, encodes what it gives.
    ///
    /// # Errors
    ///
    /// The declared error of the body, or `Payload.Invalid`.
    fn run(payload: Value) -> impl Future<Output = Result<Value, Failed>> + Send;
}

/// The answer of a handler to what its body gave.
///
/// # Errors
///
/// The declared error on the wire, or `Payload.Invalid` where JSON cannot carry the output.
pub fn respond<T: Task>(result: Result<T::Output, T::Error>) -> Result<Value, Failed> {
    match result {
        Ok(output) => encode(&output),
        Err(error) => Err(write_error(&error)),
    }
}

/// The answer of a handler whose output comes through its token.
///
/// # Errors
///
/// The declared error on the wire.
pub fn acknowledge<T: Task>(result: Result<(), T::Error>) -> Result<Value, Failed> {
    result.map(|()| Value::Null).map_err(|error| write_error(&error))
}
