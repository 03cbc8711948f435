//! How a workflow, or one attempt of a task, ended badly: an error name and a cause.
//! Separate because this pair is all that the service knows about a failure.

use std::fmt;

use serde::Serialize;

use super::wire::ErrorBody;

/// A failure: the error name that Retriers and Catchers match, and a cause for people.
///
/// Made by [`fail`], or from a task's [`Failure`](crate::Failure) by `?`. The cause of a failed task is the text its
/// Lambda function answered with: `{"errorType":..,"errorMessage":..}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    error: String,
    cause: String,
}

/// A failure of a workflow: `return Err(fail("ApprovalDenied", "the buyer said no"))`.
///
/// ```
/// let failed = sfn_core::fail("ApprovalDenied", "the buyer said no");
/// assert_eq!(failed.to_string(), "ApprovalDenied: the buyer said no");
/// ```
pub fn fail(error: impl Into<String>, cause: impl Into<String>) -> Failed {
    Failed { error: error.into(), cause: cause.into() }
}

impl Failed {
    /// The failure of a task, its cause the text that the task's Lambda function answers with.
    ///
    /// ```
    /// let failed = sfn_core::Failed::of_task("Task.Panicked", "index out of bounds");
    /// assert_eq!(failed.cause(), r#"{"errorType":"Task.Panicked","errorMessage":"index out of bounds"}"#);
    /// ```
    pub fn of_task(error: &str, message: &str) -> Self {
        let body = ErrorBody { error_type: error.to_owned(), error_message: message.to_owned() };
        Self { cause: body.to_string(), error: body.error_type }
    }

    /// The error name.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// The cause.
    pub fn cause(&self) -> &str {
        &self.cause
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause.as_str() {
            "" => formatter.write_str(&self.error),
            cause => write!(formatter, "{}: {cause}", self.error),
        }
    }
}

impl std::error::Error for Failed {}
