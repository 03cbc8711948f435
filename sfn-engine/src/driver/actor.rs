//! The actor: owns every execution, its timers and its tasks, and handles one piece of news at a time.
//! Separate because it is the only place where the core's commands become effects.

mod map_runs;

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Abortable, BoxFuture};
use futures_util::stream::{FuturesUnordered, StreamExt};
use sfn_asl::Value;
use tokio::sync::{mpsc, oneshot, watch};

use super::activities::{Activities, Activity, ActivityError, ActivityTask, Poll, Waiting};
use super::clock::{Clock, Pending};
use super::engine::Outcome;
use super::map_runs::MapRunQuery;
use super::observer::{Observation, Observed, Observer};
use super::runner::{Answer, Job, TaskFailure, TaskRequest, TaskRunner};
use super::tokens::{TokenError, Tokens};
use crate::Timestamp;
use crate::core::{
    Command, Event, Execution, MapRunId, Pattern, Resource, ResourceKind, Status, TaskId, TaskStart, TimerId,
};
use crate::history::{Fault, HistoryEvent};
use crate::objects::ObjectStore;

use map_runs::{MapRunKey, MapRuns};

/// Names an execution within one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ExecutionKey(u64);

/// News from outside.
pub(super) enum Message {
    Start {
        execution: Box<Execution>,
        test_case: Option<Arc<str>>,
        outcome: watch::Sender<Option<Arc<Outcome>>>,
        remains: Remains,
    },
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
    CreateActivity {
        arn: Arc<str>,
        name: Arc<str>,
        reply: oneshot::Sender<Activity>,
    },
    DeleteActivity {
        arn: Arc<str>,
    },
    ListActivities {
        reply: oneshot::Sender<Vec<Activity>>,
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

/// What becomes of work in progress.
enum Done {
    Answered(Result<Answer, TaskFailure>),
    JobEnded(Result<Value, TaskFailure>),
    /// Nobody wanted it any more.
    GivenUp,
}

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
    activities: Activities,
    map_runs: MapRuns,
    /// The work in progress, some of which nobody waits for any more.
    work: FuturesUnordered<BoxFuture<'static, (ExecutionKey, TaskId, Done)>>,
    /// How much of it somebody waits for.
    awaited: usize,
}

pub(super) struct Running {
    execution: Box<Execution>,
    test_case: Option<Arc<str>>,
    started: Timestamp,
    history: Vec<HistoryEvent>,
    timers: HashMap<TimerId, (Timestamp, u64)>,
    tasks: HashMap<TaskId, Handed>,
    map_runs: BTreeMap<MapRunId, MapRunKey>,
    /// Whose child it is, and the how manieth.
    parent: Option<(MapRunKey, u64)>,
    outcome: watch::Sender<Option<Arc<Outcome>>>,
    remains: Remains,
}

/// Where an execution is kept that ended badly and may be redriven.
pub(super) type Remains = Arc<Mutex<Option<Box<Running>>>>;

impl Running {
    /// Whoever looks sees it running from now on.
    pub(super) fn rise(&mut self) {
        if let Some(outcome) = self.outcome.send_replace(None) {
            self.history.clone_from(&outcome.history);
        }
    }
}

impl Running {
    fn new(
        execution: Box<Execution>,
        test_case: Option<Arc<str>>,
        started: Timestamp,
        outcome: watch::Sender<Option<Arc<Outcome>>>,
        remains: Remains,
    ) -> Self {
        Self {
            execution,
            test_case,
            started,
            history: Vec::new(),
            timers: HashMap::new(),
            tasks: HashMap::new(),
            map_runs: BTreeMap::new(),
            parent: None,
            outcome,
            remains,
        }
    }
}

/// A task that was handed over.
struct Handed {
    resource: Arc<Resource>,
    token: Option<Arc<str>>,
    /// Whether somebody outside the engine is still at work, so that time must not jump.
    is_awaited: bool,
    /// Gives up the job that it has become.
    job: Option<AbortHandle>,
    /// What a worker is to be given, if it is an Activity's.
    input: Option<Value>,
}

impl Actor {
    pub(super) fn new(
        inbox: mpsc::UnboundedReceiver<Message>,
        clock: Arc<dyn Clock>,
        runner: Arc<dyn TaskRunner>,
        observer: Option<Arc<dyn Observer>>,
        store: Arc<dyn ObjectStore>,
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
            activities: Activities::default(),
            map_runs: MapRuns::new(store),
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
                Some((map_run, answer)) = self.map_runs.asked.next() => self.stored(map_run, answer),
                () = timer => self.fire(),
            }
        }
    }

    fn pending(&self) -> Pending {
        if self.awaited > 0 {
            Pending::Tasks
        } else if self.tokens.are_expected() {
            Pending::Tokens
        } else {
            Pending::Nothing
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Start { execution, test_case, outcome, remains } => {
                let running = Running::new(execution, test_case, self.clock.now(), outcome, remains);
                self.begin(running, Event::Started);
            }
            Message::Redrive(running) => self.begin(*running, Event::Redriven),
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
            Message::Look { execution, reply } => {
                let running = self.keys.get(&execution).and_then(|key| self.executions.get(key));
                let _ = reply.send(running.map(|running| running.history.clone()));
            }
            Message::Stop { execution, fault } => {
                if let Some(key) = self.keys.get(&execution).copied() {
                    self.handle(key, Event::Stopped(fault));
                }
            }
            // Whoever asked may have gone away; what was asked for is done all the same.
            Message::CreateActivity { arn, name, reply } => {
                let created = self.clock.now();
                let _ = reply.send(self.activities.create(Activity { arn, name, created }));
            }
            Message::DeleteActivity { arn } => self.activities.delete(&arn),
            Message::ListActivities { reply } => {
                let _ = reply.send(self.activities.list());
            }
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

    fn begin(&mut self, running: Running, event: Event) {
        let key = self.admit(running);
        self.handle(key, event);
    }

    /// Takes an execution in, to which nothing has happened yet.
    fn admit(&mut self, running: Running) -> ExecutionKey {
        self.started += 1;
        let key = ExecutionKey(self.started);
        self.keys.insert(Arc::clone(running.execution.arn()), key);
        self.executions.insert(key, running);
        key
    }

    fn done(&mut self, key: ExecutionKey, task: TaskId, done: Done) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let Some(handed) = running.tasks.get_mut(&task) else { return };
        if std::mem::replace(&mut handed.is_awaited, false) {
            self.awaited -= 1;
        }
        match done {
            Done::Answered(Ok(Answer::Response(output))) => self.responded(key, task, output),
            Done::Answered(Ok(Answer::Job(job))) => self.submitted(key, task, job),
            Done::Answered(Ok(Answer::Worker)) => self.queue(key, task),
            Done::Answered(Err(failure)) | Done::JobEnded(Err(failure)) => self.failed(key, task, failure),
            Done::JobEnded(Ok(output)) => self.succeeded(key, task, output),
            Done::GivenUp => {}
        }
    }

    fn responded(&mut self, key: ExecutionKey, task: TaskId, output: Value) {
        let Some(handed) = self.handed(key, task) else { return };
        match (handed.resource.kind(), handed.resource.pattern()) {
            (ResourceKind::Activity, _) => {
                self.handle(key, Event::TaskStarted { task, worker: None });
                self.succeeded(key, task, output);
            }
            // The token is still out: the answer to the request is not the end of the task.
            (_, Pattern::WaitForCallback) => self.handle(key, Event::TaskAnswered { task, output }),
            (_, Pattern::RunAJob) => {
                self.handle(key, Event::TaskAnswered { task, output: output.clone() });
                self.succeeded(key, task, output);
            }
            (_, Pattern::RequestResponse) => {
                self.forget(key, task);
                self.handle(key, Event::TaskAnswered { task, output });
            }
        }
    }

    /// The request was taken; the job goes on as work of its own until it ends or nobody wants it.
    fn submitted(&mut self, key: ExecutionKey, task: TaskId, job: Job) {
        let Some(handed) = self.handed(key, task) else { return };
        let (handle, registration) = AbortHandle::new_pair();
        handed.job = Some(handle);
        let pattern = handed.resource.pattern();
        handed.is_awaited = !job.is_inside;
        self.awaited += usize::from(!job.is_inside);
        let result = Abortable::new(AssertUnwindSafe(job.result).catch_unwind(), registration);
        let ended = async move {
            match result.await {
                Ok(Ok(result)) => Done::JobEnded(result),
                Ok(Err(panic)) => Done::JobEnded(Err(panicked(&panic))),
                Err(_) => Done::GivenUp,
            }
        };
        self.work.push(async move { (key, task, ended.await) }.boxed());
        // In Request Response nothing is submitted; such a job is only an answer that takes its time.
        if pattern != Pattern::RequestResponse {
            self.handle(key, Event::TaskAnswered { task, output: job.submitted });
        }
    }

    fn succeeded(&mut self, key: ExecutionKey, task: TaskId, output: Value) {
        self.forget(key, task);
        self.handle(key, Event::TaskSucceeded { task, output });
    }

    fn failed(&mut self, key: ExecutionKey, task: TaskId, failure: TaskFailure) {
        self.forget(key, task);
        self.handle(key, Event::TaskFailed { task, fault: failure.into() });
    }

    /// Puts the task of an Activity where a worker will find it.
    fn queue(&mut self, key: ExecutionKey, task: TaskId) {
        let Some(handed) = self.handed(key, task) else { return };
        let arn = Arc::clone(handed.resource.arn());
        let Some((token, input)) = handed.token.clone().zip(handed.input.take()) else { return };
        let waiting = Waiting { execution: key, task, handout: ActivityTask { token, input } };
        match self.activities.schedule(&arn, waiting) {
            Ok(()) => self.pair(&arn),
            Err(error) => self.failed(key, task, TaskFailure::new("States.Runtime", error.to_string())),
        }
    }

    /// Gives tasks to workers for as long as an Activity has both.
    fn pair(&mut self, arn: &str) {
        loop {
            let executions = &self.executions;
            let is_wanted = |waiting: &Waiting| {
                executions.get(&waiting.execution).is_some_and(|it| it.tasks.contains_key(&waiting.task))
            };
            let Some((waiting, poll)) = self.activities.pair(arn, is_wanted) else { return };
            match poll.reply.send(waiting.handout) {
                Ok(()) => {
                    let started = Event::TaskStarted { task: waiting.task, worker: poll.worker };
                    self.handle(waiting.execution, started);
                }
                Err(handout) => self.activities.put_back(arn, Waiting { handout, ..waiting }),
            }
        }
    }

    fn handed(&mut self, key: ExecutionKey, task: TaskId) -> Option<&mut Handed> {
        self.executions.get_mut(&key)?.tasks.get_mut(&task)
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
        let mut commands = running.execution.handle(now, event).into_iter().peekable();
        while commands.peek().is_some() {
            // Events come in long runs, for which the execution is looked up once.
            if let Some(running) = self.executions.get_mut(&key) {
                let name = &running.execution.identity().name;
                while let Some(Command::Record(event)) =
                    commands.next_if(|it| matches!(it, Command::Record(_)))
                {
                    if let Some(observer) = &self.observer {
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
            Command::StopMapRun(map_run) => self.stop_map_run(key, map_run),
            Command::Notify(notice) => self.observe(key, now, || Observed::Noticed(notice)),
            Command::Finish(status) => self.finish(key, now, status),
        }
    }

    fn hand_over(&mut self, key: ExecutionKey, now: Timestamp, start: TaskStart) {
        let Some(running) = self.executions.get_mut(&key) else { return };
        let is_activity = *start.resource.kind() == ResourceKind::Activity;
        let handed = Handed {
            resource: Arc::clone(&start.resource),
            token: start.token.clone(),
            is_awaited: true,
            job: None,
            input: is_activity.then(|| start.arguments.clone()),
        };
        running.tasks.insert(start.task, handed);
        self.awaited += 1;
        let identity = running.execution.identity().clone();
        let request = TaskRequest::of(&start, identity, running.test_case.clone(), now);
        let (state, resource) = (start.state, start.resource);
        if let Some(token) = start.token {
            // A job ends by itself; its token is one more way for it to end.
            let is_expected = resource.pattern() != Pattern::RunAJob;
            self.tokens.issue(Arc::clone(&token), key, start.task, is_expected);
            if resource.pattern() == Pattern::WaitForCallback {
                let state = Arc::clone(&state);
                self.observe(key, now, || Observed::WaitingForToken { state, token });
            }
        }
        self.observe(key, now, || Observed::TaskStarted { state, resource, attempt: start.attempt });
        let task = start.task;
        let work = AssertUnwindSafe(self.runner.run(request)).catch_unwind();
        self.work.push(
            async move {
                let answer = work.await.unwrap_or_else(|panic| Err(panicked(&panic)));
                (key, task, Done::Answered(answer))
            }
            .boxed(),
        );
    }

    /// Nobody waits for a task any more. Its runner is left alone: the service does not stop a function either.
    fn forget(&mut self, key: ExecutionKey, task: TaskId) {
        let handed = self.executions.get_mut(&key).and_then(|running| running.tasks.remove(&task));
        if let Some(handed) = handed {
            self.release(handed);
        }
    }

    /// Nobody waits for a task any more, and the job it has become is given up with it.
    fn cancel(&mut self, key: ExecutionKey, task: TaskId) {
        if let Some(job) = self.handed(key, task).and_then(|handed| handed.job.take()) {
            job.abort();
        }
        self.forget(key, task);
    }

    fn release(&mut self, handed: Handed) {
        self.awaited -= usize::from(handed.is_awaited);
        if let Some(token) = handed.token {
            self.tokens.spend(&token);
        }
    }

    fn finish(&mut self, key: ExecutionKey, now: Timestamp, status: Status) {
        self.observe(key, now, || Observed::Finished(status.clone()));
        let Some(mut running) = self.executions.remove(&key) else { return };
        self.keys.remove(running.execution.arn());
        for handed in std::mem::take(&mut running.tasks).into_values() {
            self.release(handed);
        }
        for place in std::mem::take(&mut running.timers).into_values() {
            self.timers.remove(&place);
        }
        for map_run in std::mem::take(&mut running.map_runs).into_values() {
            self.map_runs.stop(map_run);
        }
        let history = std::mem::take(&mut running.history);
        let outcome = Arc::new(Outcome { status, history, started: running.started, ended: now });
        let (sender, remains) = (running.outcome.clone(), Arc::clone(&running.remains));
        if let Some(parent) = running.parent {
            self.child_over(parent, &outcome);
        } else if !matches!(outcome.status, Status::Succeeded(_)) {
            *remains.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(running));
        }
        sender.send_replace(Some(outcome));
    }

    fn observe(&self, key: ExecutionKey, at: Timestamp, what: impl FnOnce() -> Observed) {
        if let Some(observer) = &self.observer
            && let Some(running) = self.executions.get(&key)
        {
            observer.observe(Observation {
                execution: Arc::clone(&running.execution.identity().name),
                at,
                what: what(),
            });
        }
    }
}

/// A runner that panicked has failed its task, not the engine.
pub(crate) fn panicked(panic: &Box<dyn Any + Send>) -> TaskFailure {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    TaskFailure::new("Task.Panicked", text.unwrap_or("the task runner panicked"))
}
