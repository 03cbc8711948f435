//! The actor: owns every execution, its timers and its tasks, and handles one piece of news at a time.
//! Separate because it is the only place where the core's commands become effects.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use sfn_asl::Value;
use tokio::sync::{mpsc, oneshot, watch};

use super::clock::{Clock, Pending};
use super::engine::Outcome;
use super::observer::{Observation, Observed, Observer};
use super::runner::{TaskFailure, TaskRequest, TaskRunner};
use super::tokens::{TokenError, Tokens};
use crate::Timestamp;
use crate::core::{Command, Event, Execution, Pattern, Status, TaskId, TaskStart, TimerId};
use crate::history::{Fault, HistoryEvent};

/// Names an execution within one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ExecutionKey(u64);

/// News from outside.
pub(super) enum Message {
    Start { execution: Box<Execution>, name: Arc<str>, outcome: watch::Sender<Option<Arc<Outcome>>> },
    Token { token: Arc<str>, usage: TokenUse, reply: oneshot::Sender<Result<(), TokenError>> },
    Stop { execution: Arc<str>, fault: Fault },
}

/// What somebody brings with a Task Token.
pub(super) enum TokenUse {
    Success(Value),
    Failure(Fault),
    Heartbeat,
}

type Answer = (ExecutionKey, TaskId, Result<Value, TaskFailure>);

pub(super) struct Actor {
    inbox: mpsc::UnboundedReceiver<Message>,
    clock: Arc<dyn Clock>,
    runner: Arc<dyn TaskRunner>,
    observer: Option<Arc<dyn Observer>>,

    executions: HashMap<ExecutionKey, Running>,
    keys: HashMap<Arc<str>, ExecutionKey>,
    started: u64,
    /// By time, and in the order they were set.
    timers: BTreeMap<(Timestamp, u64), (ExecutionKey, TimerId)>,
    timers_set: u64,
    tokens: Tokens,
    /// The work in progress, some of which nobody waits for any more.
    work: FuturesUnordered<BoxFuture<'static, Answer>>,
    /// How much of it somebody waits for.
    awaited: usize,
}

struct Running {
    execution: Box<Execution>,
    name: Arc<str>,
    started: Timestamp,
    history: Vec<HistoryEvent>,
    timers: HashMap<TimerId, (Timestamp, u64)>,
    tasks: HashMap<TaskId, Handed>,
    outcome: watch::Sender<Option<Arc<Outcome>>>,
}

/// A task that was handed over.
struct Handed {
    token: Option<Arc<str>>,
    /// Whether its runner is still at work.
    is_running: bool,
}

impl Actor {
    pub(super) fn new(
        inbox: mpsc::UnboundedReceiver<Message>,
        clock: Arc<dyn Clock>,
        runner: Arc<dyn TaskRunner>,
        observer: Option<Arc<dyn Observer>>,
    ) -> Self {
        Self {
            inbox,
            clock,
            runner,
            observer,
            executions: HashMap::new(),
            keys: HashMap::new(),
            started: 0,
            timers: BTreeMap::new(),
            timers_set: 0,
            tokens: Tokens::default(),
            work: FuturesUnordered::new(),
            awaited: 0,
        }
    }

    /// Runs until nobody holds the engine any more.
    pub(super) async fn run(mut self) {
        let clock = Arc::clone(&self.clock);
        loop {
            let next_timer = self.timers.first_key_value().map(|((at, _), _)| *at);
            let pending = self.pending();
            let timer = async {
                match next_timer {
                    Some(at) => clock.sleep_until(at, pending).await,
                    None => std::future::pending().await,
                }
            };
            // News first, time last: a clock that can jump must find nothing left to do.
            tokio::select! {
                biased;
                message = self.inbox.recv() => match message {
                    Some(message) => self.take(message),
                    None => return,
                },
                Some((execution, task, answer)) = self.work.next() => self.answered(execution, task, answer),
                () = timer => self.fire(),
            }
        }
    }

    fn pending(&self) -> Pending {
        if self.awaited > 0 {
            Pending::Tasks
        } else if self.tokens.are_out() {
            Pending::Tokens
        } else {
            Pending::Nothing
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Start { execution, name, outcome } => {
                self.started += 1;
                let key = ExecutionKey(self.started);
                self.keys.insert(Arc::clone(execution.arn()), key);
                let running = Running {
                    execution,
                    name,
                    started: self.clock.now(),
                    history: Vec::new(),
                    timers: HashMap::new(),
                    tasks: HashMap::new(),
                    outcome,
                };
                self.executions.insert(key, running);
                self.handle(key, Event::Started);
            }
            Message::Token { token, usage, reply } => {
                let found = self.tokens.find(&token);
                if let Ok((key, task)) = found {
                    let event = match usage {
                        TokenUse::Success(output) => Event::TaskSucceeded { task, output },
                        TokenUse::Failure(fault) => Event::TaskFailed { task, fault },
                        TokenUse::Heartbeat => Event::TaskHeartbeat { task },
                    };
                    if !matches!(event, Event::TaskHeartbeat { .. }) {
                        self.forget(key, task);
                    }
                    self.handle(key, event);
                }
                // Whoever asked may have gone away; the token has been used all the same.
                let _ = reply.send(found.map(|_| ()));
            }
            Message::Stop { execution, fault } => {
                if let Some(key) = self.keys.get(&execution).copied() {
                    self.handle(key, Event::Stopped(fault));
                }
            }
        }
    }

    fn answered(&mut self, key: ExecutionKey, task: TaskId, answer: Result<Value, TaskFailure>) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let Some(handed) = running.tasks.get_mut(&task) else { return };
        if std::mem::replace(&mut handed.is_running, false) {
            self.awaited -= 1;
        }
        let event = match answer {
            Ok(output) => Event::TaskAnswered { task, output },
            Err(failure) => Event::TaskFailed { task, fault: failure.into() },
        };
        // With a token out, the answer to the request is not the end of the task.
        if handed.token.is_none() || matches!(event, Event::TaskFailed { .. }) {
            self.forget(key, task);
        }
        self.handle(key, event);
    }

    fn fire(&mut self) {
        let Some((_, (key, timer))) = self.timers.pop_first() else { return };
        if let Some(running) = self.executions.get_mut(&key) {
            running.timers.remove(&timer);
            self.handle(key, Event::TimerFired { timer });
        }
    }

    fn handle(&mut self, key: ExecutionKey, event: Event) {
        let now = self.clock.now();
        let Some(running) = self.executions.get_mut(&key) else { return };
        let commands = running.execution.handle(now, event);
        for command in commands {
            self.obey(key, now, command);
        }
    }

    fn obey(&mut self, key: ExecutionKey, now: Timestamp, command: Command) {
        match command {
            Command::Record(event) => {
                self.observe(key, now, || Observed::Recorded(event.clone()));
                if let Some(running) = self.executions.get_mut(&key) {
                    running.history.push(event);
                }
            }
            Command::StartTask(start) => self.hand_over(key, now, start),
            Command::CancelTask(task) => self.forget(key, task),
            Command::StartTimer { timer, at } => {
                self.timers_set += 1;
                self.timers.insert((at, self.timers_set), (key, timer));
                if let Some(running) = self.executions.get_mut(&key) {
                    running.timers.insert(timer, (at, self.timers_set));
                }
            }
            Command::CancelTimer(timer) => {
                let place = self.executions.get_mut(&key).and_then(|running| running.timers.remove(&timer));
                if let Some(place) = place {
                    self.timers.remove(&place);
                }
            }
            Command::Notify(notice) => self.observe(key, now, || Observed::Noticed(notice)),
            Command::Finish(status) => self.finish(key, now, status),
        }
    }

    fn hand_over(&mut self, key: ExecutionKey, now: Timestamp, start: TaskStart) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let handed = Handed { token: start.token.clone(), is_running: true };
        running.tasks.insert(start.task, handed);
        self.awaited += 1;
        let request = TaskRequest {
            execution: Arc::clone(&running.name),
            state: Arc::clone(&start.state),
            resource: Arc::clone(&start.resource),
            arguments: start.arguments,
            token: start.token.clone(),
            attempt: start.attempt,
            started: now,
            deadline: start.deadline,
            heartbeat: start.heartbeat,
        };
        let (state, resource) = (start.state, start.resource);
        if let Some(token) = start.token {
            self.tokens.issue(Arc::clone(&token), key, start.task);
            if resource.pattern() == Pattern::WaitForCallback {
                let state = Arc::clone(&state);
                self.observe(key, now, || Observed::WaitingForToken { state, token });
            }
        }
        self.observe(key, now, || Observed::TaskStarted { state, resource, attempt: start.attempt });
        let task = start.task;
        let work = AssertUnwindSafe(self.runner.run(request)).catch_unwind();
        self.work.push(
            async move { (key, task, work.await.unwrap_or_else(|panic| Err(panicked(&panic)))) }.boxed(),
        );
    }

    /// Nobody waits for a task any more. Its runner is left alone: the service does not stop a function either.
    fn forget(&mut self, key: ExecutionKey, task: TaskId) {
        let handed = self.executions.get_mut(&key).and_then(|running| running.tasks.remove(&task));
        if let Some(handed) = handed {
            self.awaited -= usize::from(handed.is_running);
            if let Some(token) = handed.token {
                self.tokens.spend(&token);
            }
        }
    }

    fn finish(&mut self, key: ExecutionKey, now: Timestamp, status: Status) {
        self.observe(key, now, || Observed::Finished(status.clone()));
        let Some(running) = self.executions.remove(&key) else { return };
        self.keys.remove(running.execution.arn());
        for handed in running.tasks.into_values() {
            self.awaited -= usize::from(handed.is_running);
            if let Some(token) = handed.token {
                self.tokens.spend(&token);
            }
        }
        for place in running.timers.into_values() {
            self.timers.remove(&place);
        }
        let outcome = Outcome { status, history: running.history, started: running.started, ended: now };
        running.outcome.send_replace(Some(Arc::new(outcome)));
    }

    fn observe(&self, key: ExecutionKey, at: Timestamp, what: impl FnOnce() -> Observed) {
        if let Some(observer) = &self.observer
            && let Some(running) = self.executions.get(&key)
        {
            observer.observe(Observation { execution: Arc::clone(&running.name), at, what: what() });
        }
    }
}

/// A runner that panicked has failed its task, not the engine.
fn panicked(panic: &Box<dyn Any + Send>) -> TaskFailure {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    TaskFailure::new("Task.Panicked", text.unwrap_or("the task runner panicked"))
}
