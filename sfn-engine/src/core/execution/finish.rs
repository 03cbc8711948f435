//! How strands and whole executions end: well, with a failure, late, or stopped from outside.
//! Separate because an end reaches further than the State it happens in: to parents, to neighbours, to timers.

use std::sync::Arc;

use sfn_asl::Value;

use super::{Execution, ROOT};
use crate::core::Failure;
use crate::core::event::{Command, Status};
use crate::core::failure::FailureOrigin;
use crate::core::machine::{Kind, Node};
use crate::core::strand::{Doing, Parent, StrandId};
use crate::history::{Details, Fault, Iteration, StateType};

impl Execution {
    pub(super) fn succeed(&mut self, cursor: u64, output: Value) {
        self.record(cursor, Details::ExecutionSucceeded { output: output.clone() });
        self.end(Status::Succeeded(output));
    }

    pub(super) fn fail(&mut self, cursor: u64, fault: Fault) {
        self.record(cursor, Details::ExecutionFailed(fault.clone()));
        self.end(Status::Failed(fault));
    }

    pub(super) fn time_out(&mut self) {
        let fault = Failure::timeout(FailureOrigin::Timeout).fault;
        self.abort(ROOT);
        self.record(self.last_event, Details::ExecutionTimedOut(fault.clone()));
        self.end(Status::TimedOut(fault));
    }

    pub(super) fn stop(&mut self, fault: Fault) {
        self.abort(ROOT);
        self.record(self.last_event, Details::ExecutionAborted(fault.clone()));
        self.end(Status::Aborted(fault));
    }

    pub(super) fn end(&mut self, status: Status) {
        self.command(Command::Finish(status));
        self.ended = true;
        self.agenda.clear();
        self.tasks.clear();
        self.map_runs.clear();
        self.timers.clear();
    }

    /// A State failed and nobody inside its strand takes it.
    pub(super) fn fail_strand(&mut self, id: StrandId, node: &Node, failure: Failure) {
        let strand = self.strand(id);
        let (cursor, parent) = (strand.cursor, strand.parent);
        match parent {
            None => self.fail(cursor, failure.fault),
            Some(parent) => self.child_failed(id, node, parent, cursor, failure),
        }
    }

    /// A Branch or an iteration is through.
    pub(super) fn child_done(&mut self, child: StrandId, parent: Parent, cursor: u64, output: Value) {
        let machine = Arc::clone(&self.machine);
        let node = self.node(&machine, parent.strand);
        let is_map = matches!(node.kind, Kind::Map(_));
        let last = if is_map {
            let iteration = Iteration { name: Arc::clone(&node.name), index: parent.index };
            self.record(cursor, Details::MapIterationSucceeded(iteration))
        } else {
            cursor
        };
        let Doing::Children(children) = &mut self.strand(parent.strand).doing else { return };
        let Some(result) = children.finish(child, parent.index, output) else {
            // The next iteration follows from the last event inside this one, not from its success.
            return self.start_held_back(parent.strand, cursor);
        };
        self.strand(parent.strand).cursor = last;
        self.record(last, if is_map { Details::MapStateSucceeded } else { Details::ParallelStateSucceeded });
        self.succeed_state(parent.strand, node, result);
    }

    /// A Branch or an iteration failed: the others are given up, and the State fails.
    fn child_failed(&mut self, child: StrandId, node: &Node, parent: Parent, cursor: u64, failure: Failure) {
        let machine = Arc::clone(&self.machine);
        let outer = self.node(&machine, parent.strand);
        let mut resume = cursor;
        if let Kind::Map(_) = outer.kind {
            let iteration = Iteration { name: Arc::clone(&outer.name), index: parent.index };
            self.record(cursor, Details::MapIterationFailed(iteration));
        } else if let Kind::Task(_) = node.kind {
            // The service counts the Task State as given up: it was entered and is never left.
            resume = self.record(cursor, Details::StateAborted { state_type: StateType::Task });
        }
        if let Doing::Children(children) =
            std::mem::replace(&mut self.strand(parent.strand).doing, Doing::Ready)
        {
            let running = self.wreck(parent.strand, children);
            self.lose(child);
            for running in running.into_iter().filter(|running| *running != child) {
                self.abort_child(running);
            }
        }
        self.strand(parent.strand).cursor = resume;
        self.fail_state(parent.strand, outer, failure.into());
    }

    /// Gives up a Branch or an iteration of a State that has failed.
    fn abort_child(&mut self, id: StrandId) {
        let Some(parent) = self.strands.get(&id).and_then(|strand| strand.parent) else { return };
        self.abort(id);
        let cursor = self.lose(id);
        let machine = Arc::clone(&self.machine);
        let outer = self.node(&machine, parent.strand);
        if let Kind::Map(_) = outer.kind {
            let iteration = Iteration { name: Arc::clone(&outer.name), index: parent.index };
            self.record(cursor, Details::MapIterationAborted(iteration));
        }
    }

    /// Gives up what a strand is doing, children first.
    fn abort(&mut self, id: StrandId) {
        let Some(strand) = self.strands.get_mut(&id) else { return };
        let is_waiting = !matches!(strand.doing, Doing::Ready);
        match std::mem::replace(&mut strand.doing, Doing::Ready) {
            Doing::Ready => {}
            Doing::Sleeping(timer) => self.cancel_timer(timer),
            Doing::Task(attempt) => {
                self.forget_attempt(&attempt);
                self.command(Command::CancelTask(attempt.task));
            }
            Doing::Children(children) => {
                for child in self.wreck(id, children) {
                    self.abort_child(child);
                }
            }
            Doing::MapRun(map_run) => {
                self.map_runs.remove(&map_run.id);
                self.command(Command::StopMapRun(map_run.id));
                self.advance(id, Details::MapRunAborted);
                self.wreck_map_run(id, map_run);
            }
        }
        if is_waiting {
            let machine = Arc::clone(&self.machine);
            let state_type = self.node(&machine, id).state_type();
            self.advance(id, Details::StateAborted { state_type });
        }
    }
}
