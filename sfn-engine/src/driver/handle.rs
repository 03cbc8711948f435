//! Executions as others hold them: made ready, started, asked about, stopped, redriven.
//! Separate from the engine because whoever holds one needs to know nothing of the others.

use std::fmt;
use std::sync::Arc;

use sfn_asl::Value;

use super::actor::{Message, Past, Running};
use super::ending::Ending;
use super::engine::{Engine, StartError};
use crate::Timestamp;
use crate::core::{Execution, Identity, Machine, Status};
use crate::history::{Fault, HistoryEvent};
use crate::journal::Happening;

/// An execution, as whoever started it holds it.
#[derive(Clone)]
pub struct ExecutionHandle {
    engine: Engine,
    pub(super) entry: Entry,
}

/// How an execution went.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Every event.
    pub history: Vec<HistoryEvent>,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
}

/// Why an execution could not be redriven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedriveError {
    /// It runs, or has succeeded.
    #[error("the execution runs or has succeeded, expected one that failed, timed out or was stopped")]
    NothingFailed,
    /// The engine is gone.
    #[error("the engine has shut down")]
    ShutDown,
}

/// All that decides what an execution will do.
pub(crate) struct Launch {
    pub(crate) machine: Arc<Machine>,
    pub(crate) identity: Arc<Identity>,
    pub(crate) input: Value,
    pub(crate) test_case: Option<Arc<str>>,
    pub(crate) seed: u64,
    /// Under which number the journal keeps it, if it outlives the process.
    pub(crate) number: Option<u64>,
}

/// An execution that is ready to be started.
pub(crate) struct Ready {
    pub(crate) handle: ExecutionHandle,
    running: Box<Running>,
}

/// An execution that can be found by its ARN.
#[derive(Clone)]
pub(super) struct Entry {
    identity: Arc<Identity>,
    ending: Ending,
}

impl Engine {
    /// Makes an execution ready to be started: whoever keeps a record of it does so before anything happens.
    pub(crate) fn prepare(&self, launch: Launch) -> Ready {
        let Launch { machine, identity, input, test_case, seed, number } = launch;
        let (ending, announcer) = Ending::awaited();
        let execution = Box::new(Execution::new(machine, Arc::clone(&identity), input, seed));
        let running = Box::new(Running::new(execution, test_case, number, announcer));
        let entry = Entry { identity, ending };
        Ready { handle: ExecutionHandle { engine: self.clone(), entry }, running }
    }

    /// An execution that was over before this process began.
    pub(crate) fn ended(&self, identity: Arc<Identity>, outcome: Outcome) -> ExecutionHandle {
        self.handle_of(identity, Ending::of(Arc::new(outcome)))
    }

    pub(super) fn handle_of(&self, identity: Arc<Identity>, ending: Ending) -> ExecutionHandle {
        ExecutionHandle { engine: self.clone(), entry: Entry { identity, ending } }
    }
}

impl Ready {
    /// Starts it.
    pub(crate) fn go(self) -> Result<ExecutionHandle, StartError> {
        let Self { handle, running } = self;
        handle.engine.send(Message::Start(running)).map_err(|_| StartError::ShutDown)?;
        Ok(handle)
    }

    /// What happened to it in earlier processes, to be handed over with that of others.
    pub(crate) fn past(self, happenings: Vec<(u64, Happening)>, outcome: Option<Outcome>) -> Past {
        Past { running: self.running, happenings, outcome: outcome.map(Arc::new) }
    }
}

impl ExecutionHandle {
    pub(super) fn new(engine: Engine, entry: Entry) -> Self {
        Self { engine, entry }
    }

    /// The execution's name.
    pub fn name(&self) -> &str {
        &self.entry.identity.name
    }

    /// The execution's ARN.
    pub fn arn(&self) -> &str {
        &self.entry.identity.execution_arn
    }

    /// Waits until the execution is over.
    pub async fn finished(&self) -> Arc<Outcome> {
        let outcome = self.entry.ending.wait().await;
        outcome.unwrap_or_else(|| Arc::new(Outcome::of_a_lost_execution(self.engine.now())))
    }

    /// How the execution went, if it is over.
    pub fn outcome(&self) -> Option<Arc<Outcome>> {
        self.entry.ending.outcome()
    }

    /// Every event so far.
    pub async fn history(&self) -> Vec<HistoryEvent> {
        if let Some(outcome) = self.outcome() {
            return outcome.history.clone();
        }
        let execution = Arc::clone(&self.entry.identity.execution_arn);
        match self.engine.ask(|reply| Message::Look { execution, reply }).await {
            Ok(Some(history)) => history,
            // It ended in the meantime.
            Ok(None) | Err(_) => self.finished().await.history.clone(),
        }
    }

    /// Lets the execution go on where it ended badly: every State that failed or was given up is tried again, what
    /// succeeded stays as it is. Its history goes on too.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use sfn_asl::Value;
    /// use sfn_engine::core::{Machine, Status};
    /// use sfn_engine::driver::{Engine, Start, TaskFailure, TaskRequest};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let machine: Machine = r#"{ "QueryLanguage": "JSONata", "StartAt": "Ship", "States": {
    ///     "Ship": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true } } }"#
    ///     .parse()?;
    /// let is_open = Arc::new(AtomicBool::new(false));
    /// let door = Arc::clone(&is_open);
    /// let engine = Engine::builder(move |_: TaskRequest| {
    ///     let is_open = door.load(Ordering::Relaxed);
    ///     async move { if is_open { Ok(Value::from("shipped")) } else { Err(TaskFailure::new("Closed", "")) } }
    /// })
    /// .spawn();
    /// let execution = engine.start(&Arc::new(machine), Start::default())?;
    /// assert!(matches!(execution.finished().await.status, Status::Failed(_)));
    ///
    /// is_open.store(true, Ordering::Relaxed);
    /// execution.redrive()?;
    /// assert_eq!(execution.finished().await.status, Status::Succeeded(Value::from("shipped")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The execution runs or has succeeded, or the engine is gone.
    pub fn redrive(&self) -> Result<(), RedriveError> {
        // A child has nothing here: it is redriven with its Map Run.
        let remains = self.entry.ending.rise().ok_or(RedriveError::NothingFailed)?;
        self.engine.send(Message::Redrive(remains)).map_err(|_| RedriveError::ShutDown)
    }

    /// Stops the execution. Does nothing when it is over.
    pub fn stop(&self, fault: Fault) {
        // An engine that is gone has stopped the execution already.
        let _ = self
            .engine
            .send(Message::Stop { execution: Arc::clone(&self.entry.identity.execution_arn), fault });
    }

    /// Lets go of what the engine keeps of an execution that is over: its Map Runs.
    pub(crate) fn forget(&self) {
        // An engine that is gone keeps nothing.
        let _ =
            self.engine.send(Message::Forget { execution: Arc::clone(&self.entry.identity.execution_arn) });
    }
}

impl Outcome {
    fn of_a_lost_execution(now: Timestamp) -> Self {
        let cause = "the engine shut down while the execution was running".into();
        let status = Status::Aborted(Fault { error: None, cause: Some(cause) });
        Self { status, history: Vec::new(), started: now, ended: now }
    }
}

impl fmt::Debug for ExecutionHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ExecutionHandle").field("arn", &self.arn()).finish_non_exhaustive()
    }
}
