//! Going on after a bad end: what is kept of a State that failed with its Branches or iterations, and how it is put
//! back to work.
//! Separate because nothing of it matters to an execution that is never redriven.

use std::sync::Arc;

use super::{Alarm, Execution, ROOT};
use crate::core::Failure;
use crate::core::event::Command;
use crate::core::failure::FailureOrigin;
use crate::core::strand::{Children, Doing, RunningMapRun, Strand, StrandId};
use crate::history::Details;

/// What a Parallel or Map State had reached when it failed.
#[derive(Debug)]
pub(super) enum Wreck {
    Children { children: Box<Children>, lost: Vec<Lost> },
    MapRun(RunningMapRun),
}

/// How often the service lets a Map Run be redriven.
const MOST_REDRIVES: u64 = 1_000;

/// A Branch or an iteration that failed or was given up.
#[derive(Debug)]
pub(super) struct Lost {
    id: StrandId,
    strand: Box<Strand>,
    /// Whether it was about to enter its State.
    is_ready: bool,
    wreck: Option<Wreck>,
}

impl Execution {
    /// Keeps what a State had reached; gives the Branches or iterations that are to be given up.
    pub(super) fn wreck(&mut self, id: StrandId, mut children: Box<Children>) -> Vec<StrandId> {
        let running = std::mem::take(&mut children.running);
        self.wrecks.insert(id, Wreck::Children { children, lost: Vec::new() });
        running
    }

    /// Keeps which Map Run a State had started.
    pub(in crate::core) fn wreck_map_run(&mut self, id: StrandId, map_run: RunningMapRun) {
        self.wrecks.insert(id, Wreck::MapRun(map_run));
    }

    /// Takes a Branch or an iteration out of the execution, but keeps it with the wreck of its parent. Gives its last
    /// event.
    pub(super) fn lose(&mut self, id: StrandId) -> u64 {
        let Some(strand) = self.strands.remove(&id) else { return 0 };
        let cursor = strand.cursor;
        let lost = Lost { id, is_ready: self.agenda.contains(&id), wreck: self.wrecks.remove(&id), strand };
        if let Some(parent) = lost.strand.parent
            && let Some(Wreck::Children { lost: others, .. }) = self.wrecks.get_mut(&parent.strand)
        {
            others.push(lost);
        }
        cursor
    }

    /// Goes on with every State that failed or was given up. What has succeeded stays as it is.
    pub(super) fn redrive(&mut self) {
        self.ended = false;
        self.redrives += 1;
        self.redriven = Some(self.now);
        let cursor =
            self.record(self.last_event, Details::ExecutionRedriven { redrive_count: self.redrives });
        if let Some(timeout) = self.timeout {
            self.set_timer(self.now.after(timeout), Alarm::ExecutionLate);
        }
        self.resume(ROOT, cursor, false);
    }

    fn resume(&mut self, id: StrandId, cursor: u64, is_ready: bool) {
        let machine = Arc::clone(&self.machine);
        let Some(strand) = self.strands.get_mut(&id) else { return };
        (strand.cursor, strand.token) = (cursor, None);
        strand.retries.fill(0);
        if is_ready {
            self.agenda.push_back(id);
            return;
        }
        let (mut children, lost) = match self.wrecks.remove(&id) {
            Some(Wreck::Children { children, lost }) => (children, lost),
            Some(Wreck::MapRun(map_run)) => return self.redrive_map_run(id, map_run),
            None => {
                let node = self.node(&machine, id);
                return self.attempt(id, node);
            }
        };
        children.running = lost.iter().map(|lost| lost.id).collect();
        strand.doing = Doing::Children(children);
        let mut waking = Vec::with_capacity(lost.len());
        for Lost { id, strand, is_ready, wreck } in lost {
            self.strands.insert(id, strand);
            self.wrecks.extend(wreck.map(|wreck| (id, wreck)));
            waking.push((id, is_ready));
        }
        for (id, is_ready) in waking {
            self.resume(id, cursor, is_ready);
        }
    }

    fn redrive_map_run(&mut self, id: StrandId, mut map_run: RunningMapRun) {
        if map_run.redrives == MOST_REDRIVES {
            let cause = format!("The Map Run has reached the maximum number of redrives ({MOST_REDRIVES}).");
            let (machine, failure) =
                (Arc::clone(&self.machine), Failure::new(FailureOrigin::Runtime, "States.Runtime", cause));
            self.wreck_map_run(id, map_run);
            let node = self.node(&machine, id);
            return self.fail_state(id, node, failure.into());
        }
        map_run.redrives += 1;
        let (map_run_arn, redrive_count) = (Arc::clone(&map_run.arn), map_run.redrives);
        self.advance(id, Details::MapRunRedriven { map_run_arn, redrive_count });
        self.map_runs.insert(map_run.id, id);
        self.command(Command::RedriveMapRun(map_run.id));
        self.strand(id).doing = Doing::MapRun(map_run);
    }
}
