//! The actor: owns every execution, its timers and its tasks, and handles one piece of news at a time.
//! Separate because it is the only place where the core's commands become effects.

mod map_runs;
mod past;
mod tasks;
mod turns;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use sfn_asl::Value;
use tokio::sync::{mpsc, oneshot};

use super::activities::{Activities, Activity, ActivityError, ActivityTask, Poll};
use super::clock::{Clock, Pending};
use super::ending::{self, Announcer};
use super::handle::Outcome;
use super::map_runs::MapRunQuery;
use super::observer::{Observation, Observed, Observer};
use super::runner::TaskRunner;
use super::tokens::{TokenError, Tokens};
use crate::Timestamp;
use crate::core::{Command, Event, Execution, Identity, MapRunEnd, MapRunId, Status, TaskId, TimerId};
use crate::few::Few;
use crate::history::{Fault, HistoryEvent};
use crate::journal::{Journal, News};
use crate::objects::ObjectStore;

use map_runs::{MapRunKey, MapRuns};
pub(crate) use past::Past;
use past::{Keeper, Replay};
pub(crate) use tasks::panicked;
use tasks::{Done, Handed};
use turns::{Backlog, Turns};

/// Names an execution within one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ExecutionKey(u64);

/// News from outside.
pub(super) enum Message {
    Start(Box<Running>),
    /// Lets executions go on that an earlier process began.
    Resume(Vec<Past>),
    /// Answered when everything that was sent before has been handled.
    Handled(oneshot::Sender<()>),
    Look {
        execution: Arc<str>,
        reply: oneshot::Sender<Option<Vec<HistoryEvent>>>,
    },
    Token {
        token: Arc<str>,
        usage: TokenUse,
        reply: oneshot::Sender<Result<(), TokenError>>,
    },
    Redrive(Box<Running>),
    Stop {
        execution: Arc<str>,
        fault: Fault,
    },
    /// Nobody will ask about an execution that is over any more, nor about its Map Runs.
    Forget {
        execution: Arc<str>,
    },
    CreateActivity {
        arn: Arc<str>,
        name: Arc<str>,
        reply: oneshot::Sender<Activity>,
    },
    DeleteActivity {
        arn: Arc<str>,
    },
    PollActivity {
        arn: Arc<str>,
        worker: Option<Arc<str>>,
        reply: oneshot::Sender<PollResult>,
    },
    MapRuns(MapRunQuery),
}

/// A poll is taken, or refused at once.
pub(super) type PollResult = Result<oneshot::Receiver<ActivityTask>, ActivityError>;

/// What somebody brings with a Task Token.
pub(super) enum TokenUse {
    Success(Value),
    Failure(Fault),
    Heartbeat,
}

pub(super) struct Actor {
    inbox: mpsc::UnboundedReceiver<Message>,
    clock: Arc<dyn Clock>,
    runner: Arc<dyn TaskRunner>,
    observer: Option<Arc<dyn Observer>>,
    keeper: Option<Keeper>,
    /// Time never goes back behind what has happened, not even in an earlier process.
    earliest: Timestamp,
    replay: Option<Replay>,

    executions: HashMap<ExecutionKey, Box<Running>>,
    keys: HashMap<Arc<str>, ExecutionKey>,
    started: u64,
    /// By time, and in the order they were set.
    timers: BTreeMap<(Timestamp, u64), (ExecutionKey, TimerId)>,
    timers_set: u64,
    tokens: Tokens,
    activities: Activities,
    map_runs: MapRuns,
    turns: Turns,
    /// The work in progress, some of which nobody waits for any more.
    work: FuturesUnordered<BoxFuture<'static, (ExecutionKey, TaskId, Done)>>,
    /// How much of it somebody waits for.
    awaited: usize,
}

pub(super) struct Running {
    identity: Arc<Identity>,
    /// None while it is on another thread.
    execution: Option<Box<Execution>>,
    /// What has happened to it while it is busy; none if it is not.
    backlog: Option<Box<Backlog>>,
    test_case: Option<Arc<str>>,
    started: Timestamp,
    /// Under which number the journal keeps it, and its children with it; none if it does not outlive the process.
    number: Option<u64>,
    history: Vec<HistoryEvent>,
    timers: Few<TimerId, (Timestamp, u64)>,
    /// Boxed, so that a wide tree has small leaves.
    tasks: Few<TaskId, Box<Handed>>,
    /// Those it has started, whether they run or not.
    map_runs: Few<MapRunId, MapRunKey>,
    /// Whose child it is, and the how manieth.
    parent: Option<(MapRunKey, u64)>,
    pub(super) announcer: Announcer,
}

/// Histories up to this length are given no more room than they need: they are those of executions that wait.
const SHORT: usize = 16;

impl Running {
    /// Whoever looks sees it running from now on.
    pub(super) fn rise(&mut self) {
        if let Some(outcome) = self.announcer.revoke() {
            self.history.clone_from(&outcome.history);
        }
    }
}

impl Running {
    /// An execution to which nothing has happened yet.
    pub(super) fn new(
        execution: Box<Execution>,
        test_case: Option<Arc<str>>,
        number: Option<u64>,
        announcer: Announcer,
    ) -> Self {
        Self {
            identity: Arc::clone(execution.identity()),
            execution: Some(execution),
            backlog: None,
            test_case,
            started: Timestamp::default(),
            number,
            history: Vec::new(),
            timers: Few::default(),
            tasks: Few::default(),
            map_runs: Few::default(),
            parent: None,
            announcer,
        }
    }
}

impl Actor {
    pub(super) fn new(
        inbox: mpsc::UnboundedReceiver<Message>,
        clock: Arc<dyn Clock>,
        runner: Arc<dyn TaskRunner>,
        observer: Option<Arc<dyn Observer>>,
        store: Arc<dyn ObjectStore>,
        journal: Option<Journal>,
    ) -> Self {
        Self {
            inbox,
            clock,
            runner,
            observer,
            keeper: journal.map(Keeper::new),
            earliest: Timestamp::default(),
            replay: None,
            executions: HashMap::new(),
            keys: HashMap::new(),
            started: 0,
            timers: BTreeMap::new(),
            timers_set: 0,
            tokens: Tokens::default(),
            activities: Activities::default(),
            map_runs: MapRuns::new(store),
            turns: Turns::default(),
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
                () = std::future::ready(()), if !self.map_runs.due.is_empty() => self.handle_due().await,
                Some((execution, task, done)) = self.work.next() => self.done(execution, task, done),
                Some(stored) = self.map_runs.asked.next() => self.stored(stored),
                away = self.turns.back() => self.came_back(away),
                () = std::future::ready(()), if self.turns.is_any_waiting() => {
                    // A real clock goes on meanwhile, a virtual one does not.
                    if next_timer.is_some_and(|at| at <= clock.now()) {
                        self.fire();
                    }
                    self.take_turn().await;
                }
                () = timer => self.fire(),
            }
        }
    }

    fn pending(&self) -> Pending {
        if self.turns.is_any_away() {
            Pending::Executions
        } else if self.awaited > 0 {
            Pending::Tasks
        } else if self.tokens.are_expected() {
            Pending::Tokens
        } else {
            Pending::Nothing
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Start(running) => self.begin(running, Event::Started),
            Message::Resume(pasts) => self.resume(pasts),
            // Whoever asked may have gone away.
            Message::Handled(reply) => drop(reply.send(())),
            Message::Redrive(running) => self.begin(running, Event::Redriven),
            Message::Token { token, usage, reply } => {
                let found = self.tokens.find(&token);
                if let Ok((key, task)) = found {
                    let event = match usage {
                        TokenUse::Success(output) => Event::TaskSucceeded { task, output },
                        TokenUse::Failure(fault) => Event::TaskFailed { task, fault },
                        TokenUse::Heartbeat => Event::TaskHeartbeat { task },
                    };
                    self.handle(key, event);
                }
                // Whoever asked may have gone away; the token has been used all the same.
                let _ = reply.send(found.map(|_| ()));
            }
            Message::Look { execution, reply } => {
                let running = self.keys.get(&execution).and_then(|key| self.executions.get(key));
                let _ = reply.send(running.map(|running| running.history.clone()));
            }
            Message::Stop { execution, fault } => {
                if let Some(key) = self.keys.get(&execution).copied() {
                    self.handle(key, Event::Stopped(fault));
                }
            }
            Message::Forget { execution } => self.map_runs.forget(&execution),
            // Whoever asked may have gone away; what was asked for is done all the same.
            Message::CreateActivity { arn, name, reply } => {
                let created = self.now();
                let _ = reply.send(self.activities.create(Activity { arn, name, created }));
            }
            Message::DeleteActivity { arn } => self.activities.delete(&arn),
            Message::PollActivity { arn, worker, reply } => {
                let (handout, task) = oneshot::channel();
                let taken = self.activities.poll(&arn, Poll { worker, reply: handout });
                if reply.send(taken.map(|()| task)).is_ok() {
                    self.pair(&arn);
                }
            }
            Message::MapRuns(query) => self.answer_map_run_query(query),
        }
    }

    /// What time it is; while the past is gone through again, what time it was.
    fn now(&self) -> Timestamp {
        self.replay.as_ref().map_or_else(|| self.clock.now().max(self.earliest), |replay| replay.now)
    }

    fn begin(&mut self, running: Box<Running>, event: Event) {
        let key = self.admit(running);
        self.handle(key, event);
    }

    /// Takes an execution in, to which nothing has happened yet.
    fn admit(&mut self, mut running: Box<Running>) -> ExecutionKey {
        if running.history.is_empty() {
            running.started = self.now();
        }
        self.started += 1;
        let key = ExecutionKey(self.started);
        self.keys.insert(Arc::clone(&running.identity.execution_arn), key);
        self.executions.insert(key, running);
        key
    }

    fn fire(&mut self) {
        let Some((_, (key, timer))) = self.timers.pop_first() else { return };
        if let Some(running) = self.executions.get_mut(&key) {
            running.timers.remove(&timer);
            self.handle(key, Event::TimerFired { timer });
        }
    }

    fn handle(&mut self, key: ExecutionKey, event: Event) {
        let now = self.now();
        self.end_task(key, &event);
        let Some(running) = self.executions.get_mut(&key) else { return };
        if let Event::MapRunEnded { map_run, end: MapRunEnd::Succeeded(_) } = &event
            && let Some(map_run) = running.map_runs.get(map_run)
        {
            self.map_runs.let_go_of(*map_run);
        }
        if let Some((number, keeper)) = running.number.zip(self.keeper.as_mut()) {
            let to = running.parent.map(|_| &running.identity.execution_arn);
            keeper.keep(number, now, to, News::Execution(event.clone()));
        }
        match &mut running.backlog {
            Some(backlog) => backlog.push_back((now, event)),
            None => self.attend(key, now, event),
        }
        if let Some(running) = self.executions.get_mut(&key)
            && running.history.len() <= SHORT
        {
            running.history.shrink_to_fit();
        }
    }

    fn follow(&mut self, key: ExecutionKey, now: Timestamp, commands: Vec<Command>) {
        let mut commands = commands.into_iter().peekable();
        while commands.peek().is_some() {
            // Events come in long runs, for which the execution is looked up once.
            if let Some(running) = self.executions.get_mut(&key) {
                let name = &running.identity.name;
                while let Some(Command::Record(event)) =
                    commands.next_if(|it| matches!(it, Command::Record(_)))
                {
                    if let Some(observer) = self.observer.as_ref().filter(|_| self.replay.is_none()) {
                        let (execution, what) = (Arc::clone(name), Observed::Recorded(event.clone()));
                        observer.observe(Observation { execution, at: now, what });
                    }
                    running.history.push(event);
                }
            }
            if let Some(command) = commands.next() {
                self.obey(key, now, command);
            }
        }
    }

    fn obey(&mut self, key: ExecutionKey, now: Timestamp, command: Command) {
        match command {
            // Kept already, unless the execution is gone.
            Command::Record(_) => {}
            Command::StartTask(start) => self.hand_over(key, now, start),
            Command::CancelTask(task) => self.cancel(key, task),
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
            Command::StartMapRun { map_run, plan } => self.start_map_run(key, map_run, plan),
            Command::RedriveMapRun(map_run) => self.redrive_map_run(key, map_run),
            Command::StopMapRun(map_run) => self.stop_map_run(key, map_run),
            Command::Notify(notice) => self.observe(key, now, || Observed::Noticed(notice)),
            Command::Finish(status) => self.finish(key, now, status),
        }
    }

    fn finish(&mut self, key: ExecutionKey, now: Timestamp, status: Status) {
        self.observe(key, now, || Observed::Finished(status.clone()));
        let Some(mut running) = self.executions.remove(&key) else { return };
        self.keys.remove(&running.identity.execution_arn);
        running.backlog = None;
        for handed in std::mem::take(&mut running.tasks).into_values() {
            self.release(*handed);
        }
        for place in std::mem::take(&mut running.timers).into_values() {
            self.timers.remove(&place);
        }
        let is_over_for_good = matches!(status, Status::Succeeded(_));
        for map_run in running.map_runs.values() {
            if is_over_for_good {
                self.map_runs.let_go_of(*map_run);
            } else {
                self.map_runs.stop(*map_run);
            }
        }
        let history = std::mem::take(&mut running.history);
        let outcome = Arc::new(Outcome { status, history, started: running.started, ended: now });
        self.keep_outcome(&running, &outcome);
        if running.parent.is_none() && !is_over_for_good {
            return ending::keep(running, outcome);
        }
        running.announcer.announce(Arc::clone(&outcome));
        if let Some(parent) = running.parent {
            self.child_over(parent, running, &outcome);
        }
    }

    fn observe(&self, key: ExecutionKey, at: Timestamp, what: impl FnOnce() -> Observed) {
        if self.replay.is_none()
            && let Some(observer) = &self.observer
            && let Some(running) = self.executions.get(&key)
        {
            observer.observe(Observation { execution: Arc::clone(&running.identity.name), at, what: what() });
        }
    }
}
