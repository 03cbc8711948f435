//! Executions by name: described, listed, stopped, waited for, and in a file of its own started.
//! Separate from the driver, which runs them: here are the service's rules of names, versions and idempotence.

mod start;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::ExecutionType;

use super::arn::{Arn, Qualifier, Resource};
use super::kept::Beginning;
use super::machines::{base_arn, machine_arn};
use super::redrive::{self, RedriveStatus};
use super::registry::Revision;
use super::{Control, MachineDescription, Page, Refusal, Registry};
use crate::Timestamp;
use crate::core::Status;
use crate::driver::{Engine, ExecutionHandle, Outcome};
use crate::history::{Fault, HistoryEvent};

/// What to start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StartExecution {
    /// The ARN of a State Machine, a version or an alias; `#TestCase` behind it chooses mocks.
    pub machine: String,
    /// The execution's name; made up when absent.
    pub name: Option<String>,
    /// The text of its input; `{}` when absent.
    pub input: Option<String>,
    /// The X-Ray header it came with.
    pub trace_header: Option<String>,
    /// What the request is called by whoever may have to make it again: that gives the execution it gave the first
    /// time, even one that is over.
    pub request: Option<String>,
}

/// An execution that was started, or had been before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Its ARN.
    pub arn: Arc<str>,
    /// When it was started.
    pub started: Timestamp,
}

/// Which executions to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListExecutions {
    /// The ARN of a State Machine, a version or an alias.
    pub machine: String,
    /// Only those in this status.
    pub status: Option<ExecutionStatus>,
    /// Only those that were redriven, or only those that were not.
    pub is_redriven: Option<bool>,
}

/// Where an execution is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionStatus {
    /// It runs.
    Running,
    /// It ended well.
    Succeeded,
    /// It failed.
    Failed,
    /// It took longer than it may.
    TimedOut,
    /// It was stopped.
    Aborted,
    /// It waits to be redriven by its Map Run.
    PendingRedrive,
}

/// All there is to know about an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionDescription {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The ARN of its State Machine.
    pub machine_arn: Arc<str>,
    /// The ARN of the Map Run it is a child of, if it is one.
    pub map_run_arn: Option<Arc<str>>,
    /// The ARN of the version it was started from, if it was from one.
    pub version_arn: Option<Arc<str>>,
    /// The ARN of the alias it was started through, if it was through one.
    pub alias_arn: Option<Arc<str>>,
    /// Standard or Express.
    pub kind: ExecutionType,
    /// Where it is in its life.
    pub status: ExecutionStatus,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// The text of its input.
    pub input: Arc<str>,
    /// The text of its output.
    pub output: Option<String>,
    /// The Error Name and the cause of its end.
    pub fault: Fault,
    /// The X-Ray header it came with.
    pub trace_header: Option<Arc<str>>,
    /// How often it was redriven.
    pub redrives: u64,
    /// When it was last redriven.
    pub redriven: Option<Timestamp>,
    /// Whether it may be redriven.
    pub redrive_status: RedriveStatus,
}

/// Executions as other parts of the engine reach them: by ARN, without knowing where State Machines are kept.
pub trait Executions: Send + Sync + 'static {
    /// Starts an execution.
    ///
    /// # Errors
    /// As the service's `StartExecution`.
    fn start(&self, start: StartExecution) -> Result<Started, Refusal>;

    /// Describes an execution, running or over, Standard or Express.
    ///
    /// # Errors
    /// There is none of that ARN.
    fn describe(&self, arn: &str) -> Result<ExecutionDescription, Refusal>;

    /// Waits until an execution is over and describes it then.
    fn finished(&self, arn: &str) -> BoxFuture<'static, Result<ExecutionDescription, Refusal>>;

    /// Stops an execution, if it still runs.
    ///
    /// # Errors
    /// There is none of that ARN.
    fn stop(&self, arn: &str, fault: Fault) -> Result<(), Refusal>;

    /// Stops the execution that this very request started in an earlier process, if it did, and if it has been left
    /// alone since.
    fn give_up(&self, start: &StartExecution);

    /// The engine that runs them, where their Task Tokens are used.
    fn engine(&self) -> &Engine;
}

impl Executions for Control {
    fn start(&self, start: StartExecution) -> Result<Started, Refusal> {
        self.start_execution(start)
    }

    fn describe(&self, arn: &str) -> Result<ExecutionDescription, Refusal> {
        Ok(self.record(arn)?.describe(self.now()))
    }

    fn finished(&self, arn: &str) -> BoxFuture<'static, Result<ExecutionDescription, Refusal>> {
        let (control, arn) = (self.clone(), arn.to_owned());
        async move { Control::finished(&control, &arn).await }.boxed()
    }

    fn stop(&self, arn: &str, fault: Fault) -> Result<(), Refusal> {
        self.record(arn)?.handle().stop(fault);
        Ok(())
    }

    fn give_up(&self, start: &StartExecution) {
        if let Some(record) = self.started_by(start)
            && record.describe(self.now()).redrives == 0
        {
            record.handle().stop(Fault::default());
        }
    }

    fn engine(&self) -> &Engine {
        Control::engine(self)
    }
}

/// An execution as it is kept.
#[derive(Debug)]
pub(super) struct ExecutionRecord {
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) machine_arn: Arc<str>,
    pub(super) version_arn: Option<Arc<str>>,
    pub(super) alias_arn: Option<Arc<str>>,
    pub(super) kind: ExecutionType,
    pub(super) revision: Arc<Revision>,
    pub(super) input: Arc<str>,
    pub(super) trace_header: Option<Arc<str>>,
    pub(super) request: Option<Arc<str>>,
    pub(super) started: Timestamp,
    pub(super) life: Mutex<Life>,
    /// What it takes to begin it again, if it outlives the process.
    pub(super) beginning: Option<Box<Beginning>>,
}

/// What changes about an execution.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) handle: ExecutionHandle,
    pub(super) redrives: u64,
    pub(super) redriven: Option<Timestamp>,
}

/// How long the name of an execution that is over stays taken.
pub(super) const NAME_LIFE: Duration = Duration::from_hours(90 * 24);

impl Control {
    /// Describes an execution of a Standard State Machine.
    ///
    /// # Errors
    /// As the service's `DescribeExecution`.
    pub async fn describe_execution(&self, arn: &str) -> Result<ExecutionDescription, Refusal> {
        match self.standard(arn) {
            Ok(record) => Ok(record.describe(self.now())),
            Err(refusal) => self.describe_child(arn).await.ok_or(refusal),
        }
    }

    /// Waits until an execution is over and describes it then.
    ///
    /// # Errors
    /// There is none of that ARN.
    pub async fn finished(&self, arn: &str) -> Result<ExecutionDescription, Refusal> {
        let record = self.record(arn)?;
        let handle = record.handle();
        handle.finished().await;
        Ok(record.describe(self.now()))
    }

    /// Describes the State Machine as it was when an execution of it was started.
    ///
    /// # Errors
    /// As the service's `DescribeStateMachineForExecution`.
    pub fn describe_machine_of(&self, arn: &str) -> Result<MachineDescription, Refusal> {
        let record = self.standard(arn)?;
        let registry = self.registry();
        let machine = registry
            .machines
            .get(&record.machine_arn)
            .ok_or_else(|| Refusal::no_such_machine(&record.machine_arn))?;
        Ok(machine.describe_revision(&record.machine_arn, &record.revision))
    }

    /// Lists executions, those that started or ended last first.
    ///
    /// # Errors
    /// As the service's `ListExecutions`.
    pub fn list_executions(
        &self,
        list: &ListExecutions,
        page: &Page,
    ) -> Result<(Vec<ExecutionDescription>, Option<String>), Refusal> {
        let parsed = machine_arn(&list.machine)?;
        let arn = list.machine.as_str();
        let now = self.now();
        let mut executions: Vec<ExecutionDescription> = {
            let registry = self.registry();
            let base = base_arn(arn);
            let machine = registry.machines.get(base).ok_or_else(|| Refusal::no_such_machine(arn))?;
            if machine.kind == ExecutionType::Express {
                return Err(Refusal::type_not_supported());
            }
            let Resource::StateMachine { qualifier, .. } = parsed.resource else {
                return Err(parsed.wrong_kind());
            };
            let is_of = |record: &ExecutionRecord| match qualifier {
                None => true,
                Some(Qualifier::Version(_)) => record.version_arn.as_deref() == Some(arn),
                Some(Qualifier::Alias(_)) => record.alias_arn.as_deref() == Some(arn),
                Some(Qualifier::Label(_)) => false,
            };
            registry.executions_of(base).filter(|it| is_of(it)).map(|it| it.describe(now)).collect()
        };
        executions.retain(|execution| {
            list.status.is_none_or(|status| status == execution.status)
                && list.is_redriven.is_none_or(|redriven| redriven == (execution.redrives > 0))
        });
        // Of those of one moment, the one that started last comes first.
        executions.reverse();
        executions.sort_by_key(|it| std::cmp::Reverse(it.stopped.or(it.redriven).unwrap_or(it.started)));
        let name = format!("executions {list:?}");
        self.pager().cut(now, &name, executions, page, |execution| execution.arn.to_string())
    }

    /// A part of an execution's history, from the first event on or from the last one back.
    ///
    /// # Errors
    /// As the service's `GetExecutionHistory`.
    pub async fn history(
        &self,
        arn: &str,
        is_reversed: bool,
        page: &Page,
    ) -> Result<(Vec<HistoryEvent>, Option<String>), Refusal> {
        let handle = match self.standard(arn) {
            Ok(record) => record.handle(),
            Err(refusal) => self.engine().map_run_child(arn).await.ok_or(refusal)?.execution,
        };
        let mut events = handle.history().await;
        if is_reversed {
            events.reverse();
        }
        let name = format!("history {is_reversed} {arn}");
        self.pager().cut(self.now(), &name, events, page, |event| event.id.to_string())
    }

    /// Stops an execution; gives the time at which it ended.
    ///
    /// # Errors
    /// As the service's `StopExecution`.
    pub async fn stop_execution(&self, arn: &str, fault: Fault) -> Result<Timestamp, Refusal> {
        let handle = self.standard(arn)?.handle();
        handle.stop(fault);
        Ok(handle.finished().await.ended)
    }

    pub(super) fn record(&self, arn: &str) -> Result<Arc<ExecutionRecord>, Refusal> {
        let parsed = Arn::parse(arn)?;
        match parsed.resource {
            Resource::Execution | Resource::Express => self.registry().record(arn),
            _ => Err(parsed.wrong_kind()),
        }
    }

    /// The execution of that ARN, which most operations want to be Standard.
    pub(super) fn standard(&self, arn: &str) -> Result<Arc<ExecutionRecord>, Refusal> {
        let parsed = Arn::parse(arn)?;
        match parsed.resource {
            Resource::Execution => self.registry().record(arn),
            _ => Err(parsed.wrong_kind()),
        }
    }
}

impl Registry {
    /// The oldest executions of a State Machine that have been over for longer than the service keeps them. Two at a
    /// time are enough, since for each that is started one may be forgotten; a few that still wait hide no others.
    fn outlived(&self, machine: &str, now: Timestamp) -> Vec<Arc<str>> {
        let is_outlived = |record: &&Arc<ExecutionRecord>| {
            record.handle().outcome().is_some_and(|outcome| outcome.ended.until(now) > NAME_LIFE)
        };
        let oldest = self.executions_of(machine).take(16).filter(is_outlived).take(2);
        oldest.map(|record| Arc::clone(&record.arn)).collect()
    }

    fn record(&self, arn: &str) -> Result<Arc<ExecutionRecord>, Refusal> {
        self.execution(arn).cloned().ok_or_else(|| Refusal::no_such_execution(arn))
    }
}

impl ExecutionRecord {
    pub(super) fn handle(&self) -> ExecutionHandle {
        self.life.lock().unwrap_or_else(PoisonError::into_inner).handle.clone()
    }

    pub(super) fn describe(&self, now: Timestamp) -> ExecutionDescription {
        let (outcome, redrives, last_redrive) = {
            let life = self.life.lock().unwrap_or_else(PoisonError::into_inner);
            (life.handle.outcome(), life.redrives, life.redriven)
        };
        let (output, fault) = match outcome.as_ref().map(|outcome| &outcome.status) {
            Some(Status::Succeeded(output)) => (Some(output.to_string()), None),
            Some(Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault)) => {
                (None, Some(fault))
            }
            None => (None, None),
        };
        ExecutionDescription {
            arn: Arc::clone(&self.arn),
            name: Arc::clone(&self.name),
            machine_arn: Arc::clone(&self.machine_arn),
            map_run_arn: None,
            version_arn: self.version_arn.clone(),
            alias_arn: self.alias_arn.clone(),
            kind: self.kind,
            status: ExecutionStatus::of(outcome.as_deref()),
            started: self.started,
            stopped: outcome.as_ref().map(|outcome| outcome.ended),
            input: Arc::clone(&self.input),
            output,
            fault: fault.cloned().unwrap_or(Fault { error: None, cause: None }),
            trace_header: self.trace_header.clone(),
            redrives,
            redriven: last_redrive,
            redrive_status: redrive::status(self, outcome.as_deref(), now),
        }
    }
}

impl ExecutionStatus {
    /// Every status with its name.
    const NAMES: [(Self, &'static str); 6] = [
        (Self::Running, "RUNNING"),
        (Self::Succeeded, "SUCCEEDED"),
        (Self::Failed, "FAILED"),
        (Self::TimedOut, "TIMED_OUT"),
        (Self::Aborted, "ABORTED"),
        (Self::PendingRedrive, "PENDING_REDRIVE"),
    ];

    pub(super) fn of(outcome: Option<&Outcome>) -> Self {
        match outcome.map(|outcome| &outcome.status) {
            None => Self::Running,
            Some(Status::Succeeded(_)) => Self::Succeeded,
            Some(Status::Failed(_)) => Self::Failed,
            Some(Status::TimedOut(_)) => Self::TimedOut,
            Some(Status::Aborted(_)) => Self::Aborted,
        }
    }

    /// The status of that name.
    ///
    /// ```
    /// use sfn_engine::control::ExecutionStatus;
    ///
    /// assert_eq!(ExecutionStatus::named("TIMED_OUT"), Some(ExecutionStatus::TimedOut));
    /// assert_eq!(ExecutionStatus::named("DONE"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(status, _)| *status)
    }

    /// The service's name of it.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(status, _)| *status == self).map_or("", |(_, name)| name)
    }
}
