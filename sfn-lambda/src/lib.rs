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
//! - with the feature `client`, [`TaskToken`](sfn_core::TaskToken) methods reach Step Functions, or whatever
//!   `AWS_ENDPOINT_URL_SFN` names; without it the AWS SDK is not linked.

mod environment;
mod invoke;
mod panics;
mod select;
mod serve;

pub use serve::{serve, serve_tasks};

/// The `main` function of a Lambda function that serves every task of some workflows.
///
/// The task is the one that `_HANDLER` names (the function's `Handler` setting), else `SFN_TASK`, else the program's own
/// file name. A name that no task bears ends the program with a list of those that can be served.
///
/// ```ignore
/// sfn::lambda::main!(orders::order_saga, orders::returns_saga);
/// ```
#[macro_export]
macro_rules! main {
    ($($workflow:ty),+ $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::serve([$(<$workflow>::definition()),+])
        }
    };
}
