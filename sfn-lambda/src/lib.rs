//! Serves tasks as AWS Lambda functions. A crate of its own, because only deployed programs should pay for the Lambda
//! runtime.
//!
//! A deployed program is one line, `sfn::lambda::main!(orders::order_saga);`. It serves every task of the named
//! workflows; a function's `Handler` setting says which one. One zip, many functions.
//!
//! What a caller can rely on:
//!
//! - a declared error arrives under its declared name, its fields in the message, as `match` and Catchers expect;
//! - a payload that does not fit is the error `Payload.Invalid`, with the path of the fault;
//! - a panic is the error `Task.Panicked`, with its text and place, and the process goes on;
//! - a task that would outlive the function's time is given up shortly before, with the error `Task.TimedOut`, where Lambda
//!   would end the process without a word;
//! - every invocation runs in a `tracing` span with `task`, `requestId`, `xrayTraceId` and, for a task that asks for its
//!   context or is idempotent without a key, `execution` and `state`, for the former `retryCount` as well; the feature `tracing` writes events to the function's log, in the format
//!   and from the level that Lambda's logging controls set;
//! - X-Ray's header is in `_X_AMZN_TRACE_ID` while the task runs, where the AWS SDK finds it;
//! - with the feature `client`, [`TaskToken`](sfn_core::TaskToken) methods reach Step Functions, or whatever
//!   `AWS_ENDPOINT_URL_SFN` names; without it the AWS SDK is not linked;
//! - with the feature `links`, the handler `answer-link` serves the links that tasks make of their tokens
//!   (`TaskToken::links`): a page that asks, and completes the task when that is confirmed;
//! - with the feature `idempotency`, what idempotent tasks have done is kept in the table that `SFN_IDEMPOTENCY_TABLE` names.

mod environment;
#[cfg(feature = "stored")]
mod folder;
mod invoke;
#[cfg(feature = "links")]
mod links;
mod logs;
mod panics;
mod request;
mod select;
mod serve;
mod service;
mod shutdown;

pub use invoke::{Event, Reported};
pub use lambda_runtime;
pub use serve::{ServeError, serve, service};
pub use service::TaskService;
#[doc(hidden)]
pub use sfn_core as __core;

/// The `main` function of a Lambda function that serves every task of some workflows.
///
/// The task is the one that `_HANDLER` names (the function's `Handler` setting), else `SFN_TASK`, else the program's own
/// file name. A name that no task bears ends the program with a list of those that can be served.
///
/// ```ignore
/// sfn::lambda::main!(orders::order_saga, orders::returns_saga);
/// ```
///
/// Tasks with an argument `state: &AppState` share what an async function gives. It is called once per process, before the
/// first invocation, and only where the task that is served asks for its type; several types take several functions:
///
/// ```ignore
/// async fn connect() -> Result<AppState, ConnectError> { .. }
///
/// sfn::lambda::main!(orders::order_saga, state = connect);
/// ```
///
/// An error of it ends the process, and stands in the function's log and in the result of the invocation.
///
/// `shutdown = close`, an `async fn close(state: Arc<AppState>)`, runs before Lambda ends the process, for half a second at
/// most.
#[macro_export]
macro_rules! main {
    ($($named:tt)+) => {
        $crate::__core::program!([$crate::serve] [] [] $($named)+);
    };
}
