//! The history: appends events to it, and ends an execution that has too many.
//! Separate because every step records, and only here are ids given out.

use super::Execution;
use crate::core::event::Command;
use crate::core::failure::FailureOrigin;
use crate::core::quota::EXPRESS_EVENTS;
use crate::core::strand::StrandId;
use crate::core::{Failure, HISTORY_EVENTS};
use crate::history::{Details, HistoryEvent};

impl Execution {
    /// Appends to the history and gives the event's id.
    pub(in crate::core) fn record(&mut self, previous: u64, details: Details) -> u64 {
        if self.ended {
            return self.last_event;
        }
        let most = if self.is_express { EXPRESS_EVENTS } else { HISTORY_EVENTS };
        if self.last_event + 1 >= most && !details.is_terminal() {
            let cause = format!("The execution reached the maximum number of history events ({most}).");
            self.fail(previous, Failure::new(FailureOrigin::Runtime, "States.Runtime", cause).fault);
            return self.last_event;
        }
        self.last_event += 1;
        self.commands.push(Command::Record(HistoryEvent {
            id: self.last_event,
            previous_event_id: previous,
            timestamp: self.now,
            details,
        }));
        self.last_event
    }

    /// Appends an event of a strand to the history; the strand's next event follows from it.
    pub(in crate::core) fn advance(&mut self, id: StrandId, details: Details) -> u64 {
        let previous = self.strand(id).cursor;
        let event = self.record(previous, details);
        self.strand(id).cursor = event;
        event
    }
}

impl Details {
    fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::ExecutionSucceeded { .. }
                | Self::ExecutionFailed(_)
                | Self::ExecutionTimedOut(_)
                | Self::ExecutionAborted(_)
        )
    }
}
