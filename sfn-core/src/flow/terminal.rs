//! The statements that wait or end: `sleep`, `succeed`, `fail`, `rethrow`.
//! Separate because none of them opens a block or has a value.

use std::time::Duration;

use super::Flow;
use crate::ir::{Expr, NodeKind};
use crate::{AnyVal, Arg, ExecutionType, Shape, Symbolic, Val};

/// How long an Express execution may take.
const EXPRESS_LIMIT: Duration = Duration::from_mins(5);

/// How long to [sleep](Flow::sleep).
#[derive(Clone, Debug)]
pub enum Delay {
    /// A duration known now, in whole seconds.
    Fixed(Duration),
    /// A number of seconds known when the workflow runs.
    Seconds(AnyVal),
}

impl From<Duration> for Delay {
    fn from(duration: Duration) -> Self {
        Self::Fixed(duration)
    }
}

impl From<Val<u32>> for Delay {
    fn from(seconds: Val<u32>) -> Self {
        Self::Seconds(seconds.into_erased())
    }
}

impl From<AnyVal> for Delay {
    fn from(seconds: AnyVal) -> Self {
        Self::Seconds(seconds)
    }
}

impl Flow {
    /// Waits: a Wait State.
    #[track_caller]
    pub fn sleep(&mut self, delay: impl Into<Delay>) {
        let origin = self.here();
        let seconds = match delay.into() {
            Delay::Fixed(duration) => {
                if duration.subsec_nanos() != 0 {
                    self.report(
                        "duration-not-in-seconds",
                        origin,
                        format!("the service counts in seconds and cannot wait for {duration:?}"),
                        "use whole seconds",
                    );
                }
                if self.kind == ExecutionType::Express && duration > EXPRESS_LIMIT {
                    self.report(
                        "wait-beyond-express",
                        origin,
                        format!(
                            "an Express execution ends after five minutes and cannot wait for {duration:?}"
                        ),
                        "wait less, or remove `express` from the workflow",
                    );
                }
                Expr::literal(duration.as_secs())
            }
            Delay::Seconds(seconds) => {
                self.report_faults(origin, &seconds);
                seconds.expr
            }
        };
        self.push(origin, NodeKind::Wait { seconds });
    }

    /// The point of no return: nothing that was done before is undone when something fails later.
    #[track_caller]
    pub fn commit(&mut self) {
        let origin = self.here();
        if self.scopes > 0 {
            self.report(
                "commit-in-branch",
                origin,
                "a branch of `join!` or an iteration of `map` commits what is done around it",
                "commit behind it: what it did belongs to the workflow when all branches have ended",
            );
        }
        self.push(origin, NodeKind::Commit);
    }

    /// Ends the workflow (or the iteration of a `map`) with a value: `return Ok(value)`, or the final `Ok(value)`.
    #[track_caller]
    pub fn succeed(&mut self, value: impl Symbolic) {
        let origin = self.here();
        let value = value.into_any();
        self.report_faults(origin, &value);
        self.note_outcome(&value);
        self.push(origin, NodeKind::Return(value.expr));
    }

    /// Ends the workflow with a failure: `return Err(fail(error, cause))`.
    ///
    /// Pending compensations run first.
    #[track_caller]
    pub fn fail(&mut self, error: impl Arg<String>, cause: impl Arg<String>) {
        let origin = self.here();
        let error = AnyVal::of_argument(error.into_arg(), Shape::String);
        let cause = AnyVal::of_argument(cause.into_arg(), Shape::String);
        self.report_faults(origin, &error);
        self.report_faults(origin, &cause);
        self.push(origin, NodeKind::Fail { error: error.expr, cause: cause.expr });
    }

    /// Ends the workflow with a failure that was caught, as it came: `return Err(other.into())`.
    ///
    /// Pending compensations run first.
    #[track_caller]
    pub fn rethrow(&mut self, failure: impl Symbolic) {
        let origin = self.here();
        let failure = failure.into_any();
        self.report_faults(origin, &failure);
        self.push(origin, NodeKind::Rethrow { failure: failure.expr });
    }
}
