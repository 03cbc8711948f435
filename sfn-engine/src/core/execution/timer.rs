//! Timers: what each is for, and what happens when its time comes.
//! Separate because five kinds of waiting end up here and nowhere else.

use std::sync::Arc;

use super::Execution;
use crate::Timestamp;
use crate::core::event::{Command, TimerId};
use crate::core::failure::FailureOrigin;
use crate::core::strand::StrandId;

/// What a timer is for.
#[derive(Debug, Clone, Copy)]
pub(in crate::core) enum Alarm {
    /// A Wait State is done.
    WaitOver(StrandId),
    /// The delay before a retry is over.
    RetryNow(StrandId),
    /// A Task has taken too long, or its worker has been silent for too long.
    TaskLate(StrandId, FailureOrigin),
    /// The execution has taken too long.
    ExecutionLate,
}

impl Execution {
    pub(super) fn timer_fired(&mut self, timer: TimerId) {
        let machine = Arc::clone(&self.machine);
        match self.timers.remove(&timer) {
            None => {}
            Some(Alarm::ExecutionLate) => self.time_out(),
            Some(Alarm::TaskLate(id, origin)) => self.task_late(id, origin),
            Some(Alarm::WaitOver(id)) => {
                let node = self.node(&machine, id);
                match self.effective_input(id, node) {
                    Ok(input) => self.succeed_state(id, node, input),
                    Err(fault) => self.fail_state(id, node, fault.into()),
                }
            }
            Some(Alarm::RetryNow(id)) => {
                let node = self.node(&machine, id);
                self.attempt(id, node);
            }
        }
    }

    pub(in crate::core) fn set_timer(&mut self, at: Timestamp, alarm: Alarm) -> TimerId {
        let timer = TimerId(self.name());
        self.timers.insert(timer, alarm);
        self.command(Command::StartTimer { timer, at });
        timer
    }

    pub(in crate::core) fn cancel_timer(&mut self, timer: TimerId) {
        if self.timers.remove(&timer).is_some() {
            self.command(Command::CancelTimer(timer));
        }
    }
}
