//! Redriving: which executions that ended badly may go on, and letting them.
//! Separate because the service gives a reason in words for each that may not.

use super::executions::ExecutionRecord;
use super::{Control, Refusal};
use crate::Timestamp;
use crate::core::Status;
use crate::driver::{Outcome, RedriveError};
use std::sync::PoisonError;
use std::time::Duration;

/// Whether an execution may be redriven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedriveStatus {
    /// It may.
    Redrivable,
    /// It may, together with the others of its Map Run.
    RedrivableByMapRun,
    /// It may not, for this reason.
    NotRedrivable(&'static str),
}

impl RedriveStatus {
    /// The service's word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Redrivable => "REDRIVABLE",
            Self::RedrivableByMapRun => "REDRIVABLE_BY_MAP_RUN",
            Self::NotRedrivable(_) => "NOT_REDRIVABLE",
        }
    }

    /// Why it may not be redriven.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Redrivable | Self::RedrivableByMapRun => None,
            Self::NotRedrivable(reason) => Some(reason),
        }
    }
}

/// How long after its end an execution may be redriven.
const PERIOD: Duration = Duration::from_hours(14 * 24);

/// How long an execution may be open, redrives included.
const LONGEST_LIFE: Duration = Duration::from_hours(365 * 24);

/// The history must have room for the redrive and one more event.
const MOST_EVENTS: usize = 24_999;

const IS_RUNNING: RedriveStatus = RedriveStatus::NotRedrivable("Execution is RUNNING and cannot be redriven");

const HAS_SUCCEEDED: RedriveStatus =
    RedriveStatus::NotRedrivable("Execution is SUCCEEDED and cannot be redriven");

/// Whether a child of a Map Run may be redriven.
pub(super) fn child_status(outcome: Option<&Outcome>) -> RedriveStatus {
    match outcome {
        None => IS_RUNNING,
        Some(Outcome { status: Status::Succeeded(_), .. }) => HAS_SUCCEEDED,
        Some(_) => RedriveStatus::RedrivableByMapRun,
    }
}

pub(super) fn status(record: &ExecutionRecord, outcome: Option<&Outcome>, now: Timestamp) -> RedriveStatus {
    let reason = match outcome {
        None => return IS_RUNNING,
        Some(Outcome { status: Status::Succeeded(_), .. }) => return HAS_SUCCEEDED,
        Some(outcome) if outcome.history.len() >= MOST_EVENTS => "Execution history event limit exceeded",
        Some(outcome) if outcome.ended.until(now) > PERIOD => "Execution redrivable period exceeded",
        Some(_) if record.started.until(now) > LONGEST_LIFE => {
            "Execution has exceeded the max execution time"
        }
        Some(_) => return RedriveStatus::Redrivable,
    };
    RedriveStatus::NotRedrivable(reason)
}

impl Control {
    /// Lets an execution that ended badly go on from where it did; gives the time.
    ///
    /// # Errors
    /// As the service's `RedriveExecution`.
    pub fn redrive_execution(&self, arn: &str) -> Result<Timestamp, Refusal> {
        let record = self.standard(arn)?;
        if self.registry().machines.get(&record.machine_arn).is_none_or(|machine| machine.is_deleting) {
            return Err(not_redrivable("State machine is in DELETING status"));
        }
        let now = self.now();
        let mut life = record.life.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = life.handle.outcome();
        if let RedriveStatus::NotRedrivable(reason) = status(&record, outcome.as_deref(), now) {
            return Err(not_redrivable(reason));
        }
        life.handle.redrive().map_err(|error| match error {
            // What happened to it is not kept any more, so that there is nothing to go on from.
            RedriveError::NothingFailed => not_redrivable("Execution cannot be redriven"),
            RedriveError::ShutDown => Refusal::shut_down(),
        })?;
        life.redrives += 1;
        life.redriven = Some(now);
        Ok(now)
    }
}

fn not_redrivable(reason: &str) -> Refusal {
    Refusal::new("ExecutionNotRedrivable", format!("{reason}."))
}
