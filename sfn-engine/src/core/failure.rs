//! A failure on its way from where it happened to whoever handles it, and which Error Names match it.
//! Separate because Retriers, Catchers and parents all ask the same question.

use std::sync::Arc;

use sfn_asl::Value;

use crate::history::Fault;

/// A failed State, Branch, iteration or execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Error and cause, as history and API show them.
    pub fault: Fault,
    pub(crate) origin: FailureOrigin,
}

/// Where a failure comes from, as far as that decides who may handle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureOrigin {
    /// A worker said so.
    Task,
    /// A Task took too long.
    Timeout,
    /// A worker was silent for too long. The service calls it `States.Timeout` all the same.
    MissedHeartbeat,
    /// A Fail State, or an expression.
    State,
    /// The definition cannot go on; nobody may handle it.
    Runtime,
}

impl Failure {
    pub(crate) fn new(origin: FailureOrigin, error: impl Into<Arc<str>>, cause: impl Into<Arc<str>>) -> Self {
        Self { fault: Fault { error: Some(error.into()), cause: Some(cause.into()) }, origin }
    }

    pub(crate) fn timeout(origin: FailureOrigin) -> Self {
        Self { fault: Fault { error: Some("States.Timeout".into()), cause: None }, origin }
    }

    /// What a worker said.
    pub(crate) fn of_task(fault: Fault) -> Self {
        let origin = match fault.error.as_deref() {
            Some("States.Timeout") => FailureOrigin::Timeout,
            _ => FailureOrigin::Task,
        };
        Self { fault, origin }
    }

    /// More failed items than a Map State tolerates.
    pub(crate) fn too_many_failed() -> Self {
        let cause = "The specified tolerated failure threshold was exceeded";
        Self::new(FailureOrigin::State, "States.ExceedToleratedFailureThreshold", cause)
    }

    /// A payload over the quota, blamed on a State or on a service.
    pub(crate) fn too_large(origin: FailureOrigin, culprit: &str) -> Self {
        let cause = format!(
            "The state/task '{culprit}' returned a result with a size exceeding the maximum number of bytes service limit."
        );
        Self::new(origin, "States.DataLimitExceeded", cause)
    }

    /// What a Catcher gets. A part that is missing is null, but for the cause of a timeout, which is empty.
    pub(crate) fn output(&self) -> Value {
        let late = matches!(self.origin, FailureOrigin::Timeout | FailureOrigin::MissedHeartbeat);
        let missing = if late { Value::from("") } else { Value::Null };
        let text = |part: &Option<Arc<str>>| {
            part.as_ref().map_or_else(|| missing.clone(), |it| Value::from(Arc::clone(it)))
        };
        [("Error", text(&self.fault.error)), ("Cause", text(&self.fault.cause))].into_iter().collect()
    }

    /// Whether one of the Error Names is this failure's, or a wildcard that covers it.
    pub(crate) fn matches(&self, error_equals: &[Arc<str>]) -> bool {
        error_equals.iter().any(|name| self.matches_name(name))
    }

    fn matches_name(&self, name: &str) -> bool {
        let exact = self.fault.error.as_deref() == Some(name);
        match name {
            "States.ALL" => self.origin != FailureOrigin::Runtime,
            "States.TaskFailed" => exact || self.origin == FailureOrigin::Task,
            "States.HeartbeatTimeout" => exact || self.origin == FailureOrigin::MissedHeartbeat,
            _ => exact,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_cover_what_the_service_says_they_cover() {
        use FailureOrigin::{MissedHeartbeat, Runtime, State, Task, Timeout};
        let check = |failure: &Failure, name: &str, expected: bool| {
            assert_eq!(failure.matches(&[name.into()]), expected, "{failure:?} against {name}");
        };
        let declined = Failure::new(Task, "Declined", "");
        let unreadable = Failure::new(State, "States.QueryEvaluationError", "");
        let stuck = Failure::new(Runtime, "States.Runtime", "");
        let late = Failure::timeout(Timeout);
        let silent = Failure::timeout(MissedHeartbeat);

        for (failure, name, expected) in [
            (&declined, "Declined", true),
            (&declined, "Other", false),
            (&declined, "States.TaskFailed", true),
            (&declined, "States.ALL", true),
            (&unreadable, "States.ALL", true),
            (&unreadable, "States.QueryEvaluationError", true),
            (&stuck, "States.ALL", false),
            (&late, "States.Timeout", true),
            (&late, "States.HeartbeatTimeout", false),
            (&late, "States.TaskFailed", false),
            (&silent, "States.Timeout", true),
            (&silent, "States.HeartbeatTimeout", true),
            (&silent, "States.ALL", true),
        ] {
            check(failure, name, expected);
        }
    }
}
