//! What the order saga must do, read once off its Rust text and written down as data.
//!
//! Separate from everything else because it is the judge: it knows nothing of states, Catchers or the engine.

use crate::combinations::{Approval, Combination};
use crate::troubles::{self, Failure, Trouble};
use crate::world::{Call, approval, asked, order, result};
use serde::Serialize;
use serde_json::{Value, json};
use sfn::TaskSpec;
use std::collections::BTreeSet;
use std::time::Duration;

/// A step of the saga.
struct Step {
    /// The task it calls; several run side by side.
    tasks: &'static [&'static str],
    /// The task that undoes it, and the field of its result that this one is given.
    undo: Option<(&'static str, &'static str)>,
    /// An error that the saga ends with another error for: its name, the other's, and what precedes the reason.
    reworded: Option<(&'static str, &'static str, &'static str)>,
}

const SAGA: [Step; 5] = [
    Step { tasks: &["validate_order"], undo: None, reworded: None },
    Step {
        tasks: &["reserve_inventory"],
        undo: Some(("release_inventory", "reservationId")),
        reworded: None,
    },
    Step { tasks: &[APPROVAL], undo: None, reworded: None },
    Step {
        tasks: &["charge_payment"],
        undo: Some(("refund_payment", "chargeId")),
        reworded: Some(("PaymentDeclined", "OrderFailed", "the card was declined: ")),
    },
    Step { tasks: &["email_customer", "publish_fulfilled"], undo: None, reworded: None },
];

/// The step that small orders skip and that a person may end.
const APPROVAL: &str = "request_approval";

/// What a run must be.
#[derive(Debug)]
pub(crate) struct Expected {
    /// Every attempt of a task, in order.
    pub(crate) calls: Vec<Call>,
    /// The output, or error and cause.
    pub(crate) end: Result<Value, (String, String)>,
    /// How long the attempts take that end by time alone.
    pub(crate) at_least: Duration,
    /// The same with the longest delays before retries.
    pub(crate) at_most: Duration,
    /// The tasks that are called to undo others, in order.
    pub(crate) undone: Vec<&'static str>,
}

/// The cause of an execution whose compensations failed too.
#[derive(Serialize)]
struct CompensationFailed {
    failure: Reported,
    compensations: Vec<FailedCompensation>,
}

#[derive(Serialize)]
struct FailedCompensation {
    task: &'static str,
    #[serde(flatten)]
    reported: Reported,
}

#[derive(Serialize)]
struct Reported {
    error: String,
    cause: String,
}

/// Every task the saga calls, forwards or backwards.
pub(crate) fn tasks() -> impl Iterator<Item = &'static str> {
    forwards().chain(undoable().map(|(_, undo)| undo))
}

/// The tasks that are called as long as all goes well.
pub(crate) fn forwards() -> impl Iterator<Item = &'static str> {
    SAGA.iter().flat_map(|step| step.tasks).copied()
}

/// The tasks that can be undone, and the tasks that undo them.
pub(crate) fn undoable() -> impl Iterator<Item = (&'static str, &'static str)> {
    SAGA.iter().filter_map(|step| Some((step.tasks[0], step.undo?.0)))
}

/// What must come of a combination.
pub(crate) fn expect(specs: &[TaskSpec], combination: &Combination) -> Expected {
    let mut run =
        Run { specs, combination, calls: Vec::new(), took: Duration::ZERO, delayed: Duration::ZERO };
    let mut pending = Vec::new();
    let failure = run.forwards(&mut pending);
    let undone =
        if failure.is_some() { pending.iter().rev().map(|(task, _)| *task).collect() } else { vec![] };
    let end = match failure {
        None => Ok(json!({
            "orderId": order(combination.approval)["orderId"],
            "chargeId": run.last_result("charge_payment")["chargeId"],
        })),
        Some(failure) => Err(run.backwards(failure, pending)),
    };
    Expected { calls: run.calls, end, at_least: run.took, at_most: run.took + run.delayed, undone }
}

struct Run<'c> {
    specs: &'c [TaskSpec],
    combination: &'c Combination,
    calls: Vec<Call>,
    took: Duration,
    delayed: Duration,
}

impl Run<'_> {
    /// Takes one step after the other until one fails.
    fn forwards(&mut self, pending: &mut Vec<(&'static str, Value)>) -> Option<Failure> {
        let approval_given = self.combination.approval;
        for step in &SAGA {
            let asks = step.tasks.contains(&APPROVAL);
            if asks && approval_given == Approval::NotNeeded {
                continue;
            }
            let payload = |task| asked(task, &order(approval_given));
            let payloads: Vec<_> = step.tasks.iter().map(|task| (*task, payload(task))).collect();
            if let Some(failure) = self.side_by_side(&payloads) {
                return Some(reworded(step, failure));
            }
            if asks && approval_given == Approval::Denied {
                let cause = format!("{} said no", approval(approval_given)["by"].as_str().expect("a name"));
                return Some(Failure { error: "ApprovalDenied".to_owned(), cause });
            }
            if let Some((undo, field)) = step.undo {
                pending.push((undo, self.last_result(step.tasks[0])[field].clone()));
            }
        }
        None
    }

    /// Undoes what is pending, the latest first, whatever fails on the way.
    fn backwards(&mut self, failure: Failure, pending: Vec<(&'static str, Value)>) -> (String, String) {
        let mut compensations = Vec::new();
        for (task, payload) in pending.into_iter().rev() {
            if let Some(failure) = self.side_by_side(&[(task, payload)]) {
                compensations.push(FailedCompensation { task, reported: failure.into() });
            }
        }
        if compensations.is_empty() {
            return (failure.error, failure.cause);
        }
        let cause = CompensationFailed { failure: failure.into(), compensations };
        ("Saga.CompensationFailed".to_owned(), serde_json::to_string(&cause).expect("text"))
    }

    /// Calls tasks: all begin, then each is tried again as often as it takes. At most one of several has trouble.
    fn side_by_side(&mut self, payloads: &[(&'static str, Value)]) -> Option<Failure> {
        self.calls.extend(payloads.iter().cloned());
        let in_trouble = |(task, _): &&(&'static str, Value)| self.combination.troubles.contains_key(task);
        let (task, payload) = payloads.iter().find(in_trouble)?;
        let trouble = &self.combination.troubles[task];
        self.calls.extend((1..trouble.tries()).map(|_| (*task, payload.clone())));
        self.pass_time(task, trouble);
        trouble.lasts().then(|| trouble.failure())
    }

    fn pass_time(&mut self, task: &str, trouble: &Trouble) {
        let spec = self.specs.iter().find(|spec| spec.name == task).expect("a task of the definition");
        self.took += trouble.takes(spec) * trouble.attempts;
        let policy = troubles::policy(spec).unwrap_or_default();
        self.delayed += (1..trouble.tries()).map(|retry| policy.delay(retry - 1)).sum::<Duration>();
    }

    /// What a task's last attempt gave.
    fn last_result(&self, task: &str) -> Value {
        result(
            task,
            self.calls.iter().filter(|(called, _)| *called == task).count(),
            self.combination.approval,
        )
    }
}

fn reworded(step: &Step, failure: Failure) -> Failure {
    match step.reworded {
        Some((name, error, before)) if name == failure.error => {
            Failure { error: error.to_owned(), cause: format!("{before}{}", troubles::TEXT) }
        }
        _ => failure,
    }
}

/// The tasks of a combination that its run never gets to.
pub(crate) fn unreached(expected: &Expected, combination: &Combination) -> BTreeSet<&'static str> {
    let reached: BTreeSet<_> = expected.calls.iter().map(|(task, _)| *task).collect();
    combination.troubles.keys().filter(|task| !reached.contains(*task)).copied().collect()
}

impl From<Failure> for Reported {
    fn from(Failure { error, cause }: Failure) -> Self {
        Self { error, cause }
    }
}
