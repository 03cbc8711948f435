//! What happens is kept for a later process, and a later process goes through it again.
//! Separate because nothing of it concerns an engine that keeps everything in memory.
//!
//! The core is pure: an execution that is told the same events at the same times comes to the same state, the same
//! Task Tokens, the same children. So the past is handled as the present is, by the same code, except that nothing
//! leaves the actor: what was asked of runners and of the object store, and has no answer yet, is asked again at the
//! end; and jobs that were given up are given up once more, for the process may have died before they were.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use super::map_runs::Due;
use super::{Actor, ExecutionKey, Running};
use crate::Timestamp;
use crate::core::{Event, Pattern, Status, TaskId};
use crate::driver::handle::Outcome;
use crate::driver::runner::TaskRequest;
use crate::journal::{Happening, Journal, News, Table, Write, key_of};

/// Keeps what happens in the journal.
pub(super) struct Keeper {
    journal: Journal,
    /// The number of the last happening.
    last: u64,
    /// What happens while the past is gone through is there already.
    is_idle: bool,
}

/// An execution as an earlier process left it.
pub(crate) struct Past {
    /// Nothing has happened to it yet.
    pub(in crate::driver) running: Box<Running>,
    /// What happened to it, and by which numbers.
    pub(in crate::driver) happenings: Vec<(u64, Happening)>,
    /// How it ended, if the journal says so.
    pub(in crate::driver) outcome: Option<Arc<Outcome>>,
}

/// The past while it is gone through.
#[derive(Default)]
pub(super) struct Replay {
    /// What time it was.
    pub(super) now: Timestamp,
    /// The last time at which anything happened to any execution.
    latest: Timestamp,
    /// The tasks that were handed over.
    pub(super) requests: Vec<(ExecutionKey, TaskId, TaskRequest)>,
    /// Those of them that were given up.
    pub(super) cancelled: HashSet<(ExecutionKey, TaskId)>,
}

/// An execution whose end is not in the journal: the process died in between.
struct Ended {
    number: u64,
    outcome: Arc<Outcome>,
    had_map_runs: bool,
}

impl Keeper {
    pub(super) fn new(journal: Journal) -> Self {
        Self { journal, last: 0, is_idle: false }
    }

    /// Keeps what happens to an execution of that number, or to a child or Map Run of it whose ARN is `to`.
    pub(super) fn keep(&mut self, number: u64, at: Timestamp, to: Option<&Arc<str>>, news: News) {
        if self.is_idle {
            return;
        }
        self.last += 1;
        let is_open_again = to.is_none() && matches!(news, News::Execution(Event::Redriven));
        let happening = Happening { at, to: to.cloned(), news };
        let mut unit = vec![Write::put(Table::Happenings, key(number, self.last), &happening)];
        if is_open_again {
            unit.push(Write::Clear { table: Table::Outcomes, prefix: key_of(number) });
        }
        self.journal.append(unit);
    }

    /// Keeps how an execution ended. Its past is let go, unless it may be redriven or is known by its Map Runs.
    fn keep_outcome(&self, number: u64, outcome: &Outcome, had_map_runs: bool) {
        if self.is_idle {
            return;
        }
        let mut unit = vec![
            Write::put(Table::Outcomes, key_of(number), outcome),
            Write::Clear { table: Table::Answers, prefix: key_of(number) },
        ];
        if matches!(outcome.status, Status::Succeeded(_)) && !had_map_runs {
            unit.push(Write::Clear { table: Table::Happenings, prefix: key_of(number) });
        }
        self.journal.append(unit);
    }

    /// Waits until all that has happened survives: nobody outside must hear of what may be lost. If it cannot be kept,
    /// nobody ever does, and a later process asks again.
    pub(super) fn persisted(&self) -> impl Future<Output = ()> + Send + use<> {
        let persisted = self.journal.persisted();
        async move {
            if persisted.await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

/// The key of a happening: those of an execution stand together, in their order.
fn key(execution: u64, happening: u64) -> Vec<u8> {
    [key_of(execution), key_of(happening)].concat()
}

impl Actor {
    pub(super) fn keep_outcome(&self, running: &Running, outcome: &Outcome) {
        if let Some((number, keeper)) = running.number.zip(self.keeper.as_ref())
            && running.parent.is_none()
        {
            keeper.keep_outcome(number, outcome, !running.map_runs.is_empty());
        }
    }

    /// Goes through what happened to executions in earlier processes, and lets them go on.
    pub(super) fn resume(&mut self, pasts: Vec<Past>) {
        self.replay = Some(Replay::default());
        self.set_idle(true);
        let mut unbegun = Vec::new();
        let mut ended = Vec::new();
        for past in pasts {
            if past.happenings.is_empty() {
                unbegun.push(past.running);
            } else {
                ended.extend(self.retell(past));
            }
        }
        let Replay { latest, requests, cancelled, .. } = self.replay.take().unwrap_or_default();
        self.earliest = self.earliest.max(latest);
        self.set_idle(false);
        if let Some(keeper) = &self.keeper {
            for Ended { number, outcome, had_map_runs } in ended {
                keeper.keep_outcome(number, &outcome, had_map_runs);
            }
        }
        for (key, task, request) in requests {
            if self.handed(key, task).is_some_and(|handed| handed.is_awaited) {
                self.run_task(key, task, request);
            } else if cancelled.contains(&(key, task)) && request.resource.pattern() == Pattern::RunAJob {
                self.runner.give_up(request);
            }
        }
        self.ask_stores();
        for running in unbegun {
            self.begin(running, Event::Started);
        }
    }

    fn set_idle(&mut self, is_idle: bool) {
        if let Some(keeper) = &mut self.keeper {
            keeper.is_idle = is_idle;
        }
    }

    /// Goes through what happened to one execution. Gives how it ended if the journal does not say so yet.
    fn retell(&mut self, past: Past) -> Option<Ended> {
        let Past { running, happenings, outcome: kept } = past;
        let arn = Arc::clone(&running.identity.execution_arn);
        let (number, ending) = (running.number?, running.announcer.ending()?);
        let had_map_runs = happenings.iter().any(|(_, it)| matches!(it.news, News::MapRun(_)));
        let mut first = Some(running);
        for (happened, Happening { at, to, news }) in happenings {
            if let Some((keeper, replay)) = self.keeper.as_mut().zip(self.replay.as_mut()) {
                keeper.last = keeper.last.max(happened);
                replay.now = at;
                replay.latest = replay.latest.max(at);
            }
            let risen = match news {
                News::Execution(Event::Started) if to.is_none() => first.take(),
                News::Execution(Event::Redriven) if to.is_none() => ending.rise(),
                _ => None,
            };
            if let Some(running) = risen {
                self.admit(running);
            }
            let to = to.unwrap_or_else(|| Arc::clone(&arn));
            match news {
                News::MapRun(event) => self.retell_map_run(&to, event),
                News::Execution(event) => {
                    if let Some(key) = self.keys.get(&to).copied() {
                        self.retell_event(key, event);
                    }
                }
            }
        }
        let told = ending.outcome();
        match (kept, told) {
            (None, told) => told.map(|outcome| Ended { number, outcome, had_map_runs }),
            (Some(kept), told) => {
                if told.as_ref() != Some(&kept) {
                    // Told by another version of the engine, which went another way: what was said once stays true,
                    // and there is nothing to go on from.
                    if let Some(key) = self.keys.remove(&arn) {
                        self.executions.remove(&key);
                    }
                    ending.correct(kept);
                }
                None
            }
        }
    }

    fn retell_event(&mut self, key: ExecutionKey, event: Event) {
        self.map_runs.settle(&Due::Execution(key, event.clone()));
        if let Event::TaskAnswered { task, .. } | Event::TaskStarted { task, .. } = event {
            self.take_over(key, task);
        }
        self.handle(key, event);
    }

    /// A task whose request was answered, or that a worker has taken up, is not handed over again.
    fn take_over(&mut self, key: ExecutionKey, task: TaskId) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        // A mock speaks for whoever would have come with the Task Token, and must be asked again.
        let is_mocked = running.test_case.is_some();
        let Some(handed) = running.tasks.get_mut(&task) else { return };
        let goes_on = is_mocked || handed.resource.pattern() == Pattern::RunAJob;
        if !goes_on && std::mem::replace(&mut handed.is_awaited, false) {
            self.awaited -= 1;
        }
    }
}
