//! The engine as others hold it: starts executions, takes Task Tokens, hands out results.
//! Separate from the actor, which does the work and which nobody else touches.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sfn_asl::Value;
use tokio::sync::{mpsc, oneshot};

use super::activities::{Activity, ActivityError, ActivityTask};
use super::actor::{Actor, Message, Past, TokenUse};
use super::clock::{Clock, RealClock};
use super::handle::{Entry, ExecutionHandle, Launch};
use super::observer::Observer;
use super::runner::{TaskFailure, TaskRunner};
use super::tokens::TokenError;
use crate::Timestamp;
use crate::core::{Identity, Machine, Random};
use crate::history::Fault;
use crate::journal::{Journal, StoreError};
use crate::objects::{MemoryStore, ObjectStore};

/// A running engine. Cheap to clone; it stops when the last clone and the last handle are gone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    inbox: mpsc::UnboundedSender<Message>,
    runner: Arc<dyn TaskRunner>,
    clock: Arc<dyn Clock>,
    seed: u64,
    region: String,
    account: String,
    journal: Option<Journal>,
    ledger: Mutex<Ledger>,
}

/// What must be decided before an execution is handed to the actor.
struct Ledger {
    random: Random,
    started: u64,
    /// Executions of one State Machine, of which there may be very many, share its names.
    latest: Option<Identity>,
    executions: HashMap<Arc<str>, Entry>,
}

/// How to make an [`Engine`].
pub struct EngineBuilder {
    runner: Arc<dyn TaskRunner>,
    clock: Arc<dyn Clock>,
    observer: Option<Arc<dyn Observer>>,
    objects: Arc<dyn ObjectStore>,
    seed: u64,
    region: String,
    account: String,
    journal: Option<Journal>,
}

/// What to start: an input and names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Start {
    /// The execution's input.
    pub input: Value,
    /// The execution's name; made up when absent.
    pub name: Option<String>,
    /// The State Machine's name; `machine` when absent.
    pub machine_name: Option<String>,
    /// The role it runs under; one named after the State Machine when absent.
    pub role_arn: Option<String>,
    /// The test case whose mocks answer its tasks; see [`Mocks`](crate::mocks::Mocks).
    pub test_case: Option<String>,
}

/// Why an execution could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// There is one of that name already.
    #[error("execution `{0}` already exists, expected another name")]
    AlreadyExists(String),
    /// The engine is gone.
    #[error("the engine has shut down")]
    ShutDown,
}

impl Start {
    /// An execution with that input.
    pub fn with_input(input: Value) -> Self {
        Self { input, ..Self::default() }
    }

    /// Gives the execution a name.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Gives the State Machine a name.
    pub fn of(self, machine_name: impl Into<String>) -> Self {
        Self { machine_name: Some(machine_name.into()), ..self }
    }
}

impl EngineBuilder {
    /// Where the time comes from; the wall unless told otherwise.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Who watches.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Where distributed Maps read items and write results; an empty store in memory unless told otherwise.
    pub fn objects(mut self, store: impl ObjectStore) -> Self {
        self.objects = Arc::new(store);
        self
    }

    /// Where randomness starts from. The same seed, clock, runner and starts give the same histories.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The region and the account in ARNs.
    pub fn place(mut self, region: impl Into<String>, account: impl Into<String>) -> Self {
        (self.region, self.account) = (region.into(), account.into());
        self
    }

    /// Where what happens to executions is kept that outlive the process.
    pub(crate) fn journal(self, journal: Journal) -> Self {
        Self { journal: Some(journal), ..self }
    }

    /// Starts the engine.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn(self) -> Engine {
        let (inbox, messages) = mpsc::unbounded_channel();
        let (clock, runner) = (Arc::clone(&self.clock), Arc::clone(&self.runner));
        let actor = Actor::new(messages, clock, runner, self.observer, self.objects, self.journal.clone());
        tokio::spawn(actor.run());
        let ledger = Ledger {
            random: Random::seeded(self.seed),
            started: 0,
            latest: None,
            executions: HashMap::new(),
        };
        let shared = Shared {
            inbox,
            runner: self.runner,
            clock: self.clock,
            seed: self.seed,
            region: self.region,
            account: self.account,
            journal: self.journal,
            ledger: Mutex::new(ledger),
        };
        Engine { shared: Arc::new(shared) }
    }
}

impl Engine {
    /// An engine whose tasks are done by `runner`: on the wall's time, seeded at random, watched by nobody.
    pub fn builder(runner: impl TaskRunner) -> EngineBuilder {
        EngineBuilder {
            runner: Arc::new(runner),
            clock: Arc::new(RealClock::new()),
            observer: None,
            objects: Arc::new(MemoryStore::new()),
            // A fresh hasher is the standard library's only source of randomness.
            seed: RandomState::new().hash_one(()),
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
            journal: None,
        }
    }

    /// What time it is for the engine.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Whoever does the work of its tasks.
    pub(crate) fn runner(&self) -> &Arc<dyn TaskRunner> {
        &self.shared.runner
    }

    /// Where is kept what outlives the process.
    pub(crate) fn journal(&self) -> Option<&Journal> {
        self.shared.journal.as_ref()
    }

    /// A seed for whatever is to be random in something new.
    pub(crate) fn seed(&self) -> u64 {
        self.ledger().random.next_u64()
    }

    /// The seed of the execution that the journal keeps under that number: whatever the seed of the engine, no two
    /// executions that the store has at once share it.
    pub(crate) fn seed_of(&self, number: u64) -> u64 {
        Random::seeded(self.shared.seed ^ number).next_u64()
    }

    /// Starts an execution of a machine.
    ///
    /// # Errors
    /// An execution of the same machine and name exists, or the engine is gone.
    pub fn start(&self, machine: &Arc<Machine>, start: Start) -> Result<ExecutionHandle, StartError> {
        let identity = Arc::new(self.identity(&start));
        let Start { input, test_case, .. } = start;
        let mut ledger = self.ledger();
        if ledger.executions.contains_key(&identity.execution_arn) {
            return Err(StartError::AlreadyExists(identity.name.to_string()));
        }
        let (machine, test_case) = (Arc::clone(machine), test_case.map(Into::into));
        let seed = ledger.random.next_u64();
        let ready = self.prepare(Launch { machine, identity, input, test_case, seed, number: None });
        ledger.executions.insert(ready.handle.arn().into(), ready.handle.entry.clone());
        drop(ledger);
        ready.go()
    }

    /// Starts an execution under names of the caller's own. The caller sees to it that no other has its ARN, and keeps
    /// the handle: [`execution`](Self::execution) does not find it.
    ///
    /// # Errors
    /// The engine is gone.
    pub fn launch(
        &self,
        machine: &Arc<Machine>,
        identity: impl Into<Arc<Identity>>,
        input: Value,
        test_case: Option<&str>,
    ) -> Result<ExecutionHandle, StartError> {
        let (machine, test_case, seed) = (Arc::clone(machine), test_case.map(Into::into), self.seed());
        let identity = identity.into();
        self.prepare(Launch { machine, identity, input, test_case, seed, number: None }).go()
    }

    /// Lets executions go on that an earlier process began.
    pub(crate) fn resume(&self, pasts: Vec<Past>) {
        // An engine that is gone lets nothing go on.
        let _ = self.send(Message::Resume(pasts));
    }

    /// Waits until everything that has happened by now is kept where the end of the process does not reach it. With no
    /// such place that is at once.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn persisted(&self) -> Result<(), StoreError> {
        let Some(journal) = &self.shared.journal else { return Ok(()) };
        // What was sent to the actor is in the journal only when it has been handled.
        let (reply, handled) = oneshot::channel();
        if self.send(Message::Handled(reply)).is_ok() {
            let _ = handled.await;
        }
        journal.persisted().await
    }

    /// The execution of that ARN, running or over.
    pub fn execution(&self, arn: &str) -> Option<ExecutionHandle> {
        let entry = self.ledger().executions.get(arn).cloned()?;
        Some(ExecutionHandle::new(self.clone(), entry))
    }

    fn identity(&self, start: &Start) -> Identity {
        let mut ledger = self.ledger();
        ledger.started += 1;
        let name = start.name.clone().unwrap_or_else(|| format!("execution-{}", ledger.started));
        let machine_name = start.machine_name.as_deref().unwrap_or("machine");
        let alike = ledger.latest.as_ref().filter(|latest| *latest.machine_name == *machine_name);
        let mut identity = match alike {
            Some(latest) => latest.beside(&name),
            None => Identity::new(&self.shared.region, &self.shared.account, machine_name, &name),
        };
        ledger.latest = Some(identity.clone());
        if let Some(role_arn) = &start.role_arn {
            identity.role_arn = role_arn.as_str().into();
        }
        identity
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.shared.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the result of the task that has this token.
    ///
    /// # Errors
    /// The token is wrong, or its task is over.
    pub async fn send_task_success(&self, token: &str, output: Value) -> Result<(), TokenError> {
        self.use_token(token, TokenUse::Success(output)).await
    }

    /// Brings the failure of the task that has this token.
    ///
    /// # Errors
    /// The token is wrong, or its task is over.
    pub async fn send_task_failure(&self, token: &str, failure: TaskFailure) -> Result<(), TokenError> {
        self.send_task_fault(token, failure.into()).await
    }

    /// Brings a failure that may lack its name or its cause, as the service's API allows.
    ///
    /// # Errors
    /// The token is wrong, or its task is over.
    pub async fn send_task_fault(&self, token: &str, fault: Fault) -> Result<(), TokenError> {
        self.use_token(token, TokenUse::Failure(fault)).await
    }

    /// Says that the task that has this token is still being worked on.
    ///
    /// # Errors
    /// The token is wrong, or its task is over.
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), TokenError> {
        self.use_token(token, TokenUse::Heartbeat).await
    }

    async fn use_token(&self, token: &str, usage: TokenUse) -> Result<(), TokenError> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Token { token: token.into(), usage, reply }).map_err(|_| TokenError::ShutDown)?;
        answer.await.unwrap_or(Err(TokenError::ShutDown))
    }

    /// Waits until something could not be kept that should outlive the process, and says why. From then on nothing is.
    pub async fn failure(&self) -> StoreError {
        match &self.shared.journal {
            Some(journal) => journal.failure().await,
            None => std::future::pending().await,
        }
    }

    /// Creates an Activity of that name, or gives the one that is there.
    ///
    /// # Errors
    /// The engine is gone.
    pub async fn create_activity(&self, name: &str) -> Result<Activity, ActivityError> {
        let Shared { region, account, .. } = &*self.shared;
        let arn = format!("arn:aws:states:{region}:{account}:activity:{name}").into();
        self.ask(|reply| Message::CreateActivity { arn, name: name.into(), reply }).await
    }

    /// Creates an Activity of that ARN, if it is not there.
    pub fn create_activity_at(&self, arn: &str, name: &str) {
        let (reply, _) = oneshot::channel();
        // An engine that is gone has no Activities.
        let _ = self.send(Message::CreateActivity { arn: arn.into(), name: name.into(), reply });
    }

    /// Deletes an Activity, if it is there.
    pub fn delete_activity(&self, arn: &str) {
        // An engine that is gone has no Activities.
        let _ = self.send(Message::DeleteActivity { arn: arn.into() });
    }

    /// Waits up to a minute for a task of an Activity. `worker` is what the history will call who asks.
    ///
    /// The worker reports with the task's token: [`send_task_success`](Self::send_task_success) and its like.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use sfn_asl::Value;
    /// use sfn_engine::core::{Machine, Status};
    /// use sfn_engine::driver::{Engine, Start};
    /// use sfn_engine::services::Services;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::builder(Services::new()).spawn();
    /// let activity = engine.create_activity("ship").await?;
    /// let machine: Machine = format!(
    ///     r#"{{ "QueryLanguage": "JSONata", "StartAt": "Ship",
    ///           "States": {{ "Ship": {{ "Type": "Task", "Resource": "{}", "End": true }} }} }}"#,
    ///     activity.arn,
    /// )
    /// .parse()?;
    /// let execution = engine.start(&Arc::new(machine), Start::with_input(Value::from("parcel")))?;
    ///
    /// let task = engine.get_activity_task(&activity.arn, Some("the van")).await?.ok_or("nothing to do")?;
    /// assert_eq!(task.input, Value::from("parcel"));
    /// engine.send_task_success(&task.token, Value::from("shipped")).await?;
    /// assert_eq!(execution.finished().await.status, Status::Succeeded(Value::from("shipped")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// There is no such Activity, or the engine is gone.
    pub async fn get_activity_task(
        &self,
        arn: &str,
        worker: Option<&str>,
    ) -> Result<Option<ActivityTask>, ActivityError> {
        let (arn, worker) = (arn.into(), worker.map(Into::into));
        let mut task = self.ask(|reply| Message::PollActivity { arn, worker, reply }).await??;
        // Where there is none, the Activity is deleted or the engine gone: the worker's next call will say so.
        if let Ok(task) = tokio::time::timeout(LONGEST_POLL, &mut task).await {
            return Ok(task.ok());
        }
        // What was handed over at the last moment is the worker's already.
        task.close();
        Ok(task.try_recv().ok())
    }

    pub(super) async fn ask<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, ActivityError> {
        let (reply, answer) = oneshot::channel();
        self.send(message(reply)).map_err(|_| ActivityError::ShutDown)?;
        answer.await.map_err(|_| ActivityError::ShutDown)
    }

    pub(super) fn send(&self, message: Message) -> Result<(), Gone> {
        self.shared.inbox.send(message).map_err(|_| Gone)
    }
}

/// How long the service lets a worker wait for a task.
const LONGEST_POLL: Duration = Duration::from_mins(1);

/// The actor does not run any more.
pub(super) struct Gone;

impl fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Engine").field("region", &self.shared.region).finish_non_exhaustive()
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EngineBuilder").field("seed", &self.seed).finish_non_exhaustive()
    }
}
