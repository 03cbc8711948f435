//! Whose turn it is: what happened to an execution is worked off in slices, and what may take long on another thread.
//! Separate because the rest of the actor need not know that an execution can be busy.
//!
//! While an execution is busy, what happens to it waits. So it goes the same way however it is sliced, and a later
//! process, which slices nothing, goes that way too.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Semaphore;

use super::{Actor, ExecutionKey};
use crate::Timestamp;
use crate::core::{Command, Event, Execution};

/// How many runs of commands an execution may give before others get their turn.
const RUNS: usize = 32;

/// How many commands an execution may give on another thread before they are followed.
const COMMANDS: usize = 4_096;

/// What happened to a busy execution, and when.
pub(super) type Backlog = VecDeque<(Timestamp, Event)>;

/// The executions that are busy.
pub(super) struct Turns {
    /// Those that go on when it is their turn, with the time at which what they are about happened.
    waiting: VecDeque<(ExecutionKey, Timestamp)>,
    away: FuturesUnordered<BoxFuture<'static, Away>>,
    /// As many as may be away at once: one processor is left for everybody else.
    threads: Arc<Semaphore>,
}

/// An execution that comes back from another thread.
pub(super) struct Away {
    key: ExecutionKey,
    now: Timestamp,
    execution: Box<Execution>,
    commands: Vec<Command>,
    is_through: bool,
}

impl Default for Turns {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let threads = Arc::new(Semaphore::new((processors - 1).max(1)));
        Self { waiting: VecDeque::new(), away: FuturesUnordered::new(), threads }
    }
}

impl Turns {
    pub(super) fn is_any_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn is_any_away(&self) -> bool {
        !self.away.is_empty()
    }

    /// The next execution that comes back; never, if none is away.
    pub(super) async fn back(&mut self) -> Away {
        match futures_util::StreamExt::next(&mut self.away).await {
            Some(away) => away,
            None => std::future::pending().await,
        }
    }
}

impl Actor {
    /// Lets an execution that is not busy work off what happened to it.
    pub(super) fn attend(&mut self, key: ExecutionKey, now: Timestamp, event: Event) {
        let is_present = self.replay.is_none();
        let Some(running) = self.executions.get_mut(&key) else { return };
        let Some(execution) = &mut running.execution else { return };
        if is_present && execution.may_take_long() {
            return self.send_away(key, now, Some(event));
        }
        execution.begin(now, event);
        self.slice(key, now);
    }

    /// Lets the execution go on whose turn it is.
    pub(super) async fn take_turn(&mut self) {
        if let Some((key, now)) = self.turns.waiting.pop_front() {
            self.slice(key, now);
        }
        tokio::task::yield_now().await;
    }

    fn slice(&mut self, key: ExecutionKey, now: Timestamp) {
        let most = if self.replay.is_some() { usize::MAX } else { RUNS };
        for _ in 0..most {
            let Some(running) = self.executions.get_mut(&key) else { return };
            match running.execution.as_mut().and_then(|execution| execution.next_commands()) {
                Some(commands) => self.follow(key, now, commands),
                None => return self.through(key),
            }
        }
        if let Some(running) = self.executions.get_mut(&key) {
            running.backlog.get_or_insert_default();
            self.turns.waiting.push_back((key, now));
        }
    }

    /// An execution has worked off one thing that happened to it.
    fn through(&mut self, key: ExecutionKey) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let Some((now, event)) = running.backlog.as_mut().and_then(|backlog| backlog.pop_front()) else {
            running.backlog = None;
            return;
        };
        match &mut running.execution {
            Some(execution) if !execution.may_take_long() => {
                execution.begin(now, event);
                self.turns.waiting.push_back((key, now));
            }
            _ => self.send_away(key, now, Some(event)),
        }
    }

    fn send_away(&mut self, key: ExecutionKey, now: Timestamp, event: Option<Event>) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let Some(execution) = running.execution.take() else { return };
        running.backlog.get_or_insert_default();
        let threads = Arc::clone(&self.turns.threads);
        let away = async move {
            // It is never closed.
            let permit = threads.acquire_owned().await;
            let work = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                work(key, now, execution, event)
            });
            match work.await {
                Ok(away) => away,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    // The runtime shuts down, and nobody will ask.
                    Err(_) => std::future::pending().await,
                },
            }
        };
        self.turns.away.push(away.boxed());
    }

    pub(super) fn came_back(&mut self, Away { key, now, execution, commands, is_through }: Away) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        running.execution = Some(execution);
        self.follow(key, now, commands);
        if is_through {
            self.through(key);
        } else {
            self.send_away(key, now, None);
        }
    }
}

fn work(key: ExecutionKey, now: Timestamp, mut execution: Box<Execution>, event: Option<Event>) -> Away {
    if let Some(event) = event {
        execution.begin(now, event);
    }
    let mut commands = Vec::new();
    let mut is_through = false;
    while !is_through && commands.len() < COMMANDS {
        match execution.next_commands() {
            Some(more) => commands.extend(more),
            None => is_through = true,
        }
    }
    Away { key, now, execution, commands, is_through }
}
