//! What an awaited task gives when it does not give its output.
//! Separate because a workflow matches on it, arm by arm as Catchers do.

use std::fmt;

use super::{Failed, TaskError, name, write_error};

/// Why a task failed, typed.
///
/// ```
/// # use sfn_core::{Failure, Failed, fail};
/// # type E = std::convert::Infallible;
/// fn explain(failure: &Failure<E>) -> &'static str {
///     match failure {
///         Failure::Task(_) => "an error the task declares",
///         Failure::Timeout => "`States.Timeout`",
///         Failure::HeartbeatTimeout => "`States.HeartbeatTimeout`",
///         Failure::Other(_) => "anything else: a panic, a payload that does not fit, the service itself",
///     }
/// }
/// assert_eq!(explain(&Failure::Timeout), "`States.Timeout`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure<E> {
    /// An error the task declares, with its fields.
    Task(E),
    /// The task did not end within its timeout.
    Timeout,
    /// The task sent no heartbeat within its interval.
    HeartbeatTimeout,
    /// Any other failure.
    Other(Failed),
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(error) => error.fmt(formatter),
            Self::Timeout => formatter.write_str("the task did not end in time"),
            Self::HeartbeatTimeout => formatter.write_str("the task sent no heartbeat in time"),
            Self::Other(failed) => failed.fmt(formatter),
        }
    }
}

impl<E: TaskError> std::error::Error for Failure<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Task(error) => Some(error),
            Self::Other(failed) => Some(failed),
            Self::Timeout | Self::HeartbeatTimeout => None,
        }
    }
}

impl<E: TaskError> From<Failure<E>> for Failed {
    fn from(failure: Failure<E>) -> Self {
        match failure {
            Failure::Task(error) => write_error(&error),
            // The service gives both one name where nobody catches them.
            Failure::Timeout | Failure::HeartbeatTimeout => super::fail(name::TIMEOUT, ""),
            Failure::Other(failed) => failed,
        }
    }
}
