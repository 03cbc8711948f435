//! Map Runs as others see them: described, listed and changed while they run.
//! Separate from the engine because these calls are about one State type only.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::actor::Message;
use super::ending::Ending;
use super::engine::Engine;
use super::handle::ExecutionHandle;
use crate::Timestamp;
use crate::core::{Count, Counts, Identity, Limits, MapRun};

/// A Map Run.
#[derive(Debug, Clone, PartialEq)]
pub struct MapRunDescription {
    /// Its ARN.
    pub arn: Arc<str>,
    /// The execution that started it.
    pub execution: Identity,
    /// How it is.
    pub status: MapRunStatus,
    /// When it began.
    pub started: Timestamp,
    /// When it ended, if it has.
    pub stopped: Option<Timestamp>,
    /// How many children may run at once, and how many items may fail.
    pub limits: Limits,
    /// Where its items are.
    pub items: Count,
    /// Where its child executions are.
    pub executions: Count,
    /// How often it has been redriven.
    pub redrives: u64,
    /// When it was redriven last.
    pub redriven: Option<Timestamp>,
}

impl MapRunDescription {
    pub(super) fn of(map_run: &MapRun, started: Timestamp) -> Self {
        let Counts { items, executions } = map_run.counts();
        Self {
            arn: Arc::clone(map_run.arn()),
            execution: map_run.parent().clone(),
            status: MapRunStatus::Running,
            started,
            stopped: None,
            limits: map_run.limits(),
            items,
            executions,
            redrives: 0,
            redriven: None,
        }
    }

    /// Takes note of what changes while it runs.
    pub(super) fn note(&mut self, map_run: &MapRun) {
        let Counts { items, executions } = map_run.counts();
        (self.limits, self.items, self.executions) = (map_run.limits(), items, executions);
        self.redrives = map_run.redrives();
    }
}

/// How a Map Run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapRunStatus {
    /// At work.
    Running,
    /// Over, and well.
    Succeeded,
    /// Failed.
    Failed,
    /// Stopped with its execution.
    Aborted,
}

impl MapRunStatus {
    /// The service's word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Aborted => "ABORTED",
        }
    }
}

/// A child execution of a Map Run.
#[derive(Debug, Clone)]
pub struct MapRunChild {
    /// The ARN of the Map Run.
    pub map_run: Arc<str>,
    /// The execution.
    pub execution: ExecutionHandle,
    /// How many items it works on.
    pub items: u64,
    /// When it began.
    pub started: Timestamp,
    /// How often it has been redriven.
    pub redrives: u64,
    /// When it was redriven last.
    pub redriven: Option<Timestamp>,
    /// Whether it has ended badly and its Map Run is about to let it run again.
    pub will_redrive: bool,
}

/// What is to change in a running Map Run; the rest stays.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MapRunUpdate {
    /// `MaxConcurrency`.
    pub max_concurrency: Option<u64>,
    /// `ToleratedFailureCount`.
    pub tolerated_failure_count: Option<u64>,
    /// `ToleratedFailurePercentage`.
    pub tolerated_failure_percentage: Option<f64>,
}

/// Why a Map Run could not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MapRunError {
    /// There is none of that ARN.
    #[error("Map Run does not exist")]
    DoesNotExist,
    /// The engine is gone.
    #[error("the engine has shut down")]
    ShutDown,
}

/// What the actor is asked about Map Runs.
pub(super) enum MapRunQuery {
    Describe { arn: Arc<str>, reply: oneshot::Sender<Option<MapRunDescription>> },
    List { execution: Arc<str>, reply: oneshot::Sender<Vec<MapRunDescription>> },
    Children { arn: Arc<str>, reply: oneshot::Sender<Vec<ChildView>> },
    Child { execution: Arc<str>, reply: oneshot::Sender<Option<ChildView>> },
    Update { arn: Arc<str>, update: MapRunUpdate, reply: oneshot::Sender<Result<(), MapRunError>> },
}

/// A child as the actor knows it.
#[derive(Clone)]
pub(super) struct ChildView {
    pub(super) map_run: Arc<str>,
    pub(super) identity: Arc<Identity>,
    pub(super) ending: Ending,
    pub(super) items: u64,
    pub(super) started: Timestamp,
    pub(super) redrives: u64,
    pub(super) redriven: Option<Timestamp>,
    pub(super) will_redrive: bool,
}

impl ChildView {
    /// A child that was never redriven.
    pub(super) fn new(
        map_run: Arc<str>,
        identity: Arc<Identity>,
        ending: Ending,
        items: u64,
        started: Timestamp,
    ) -> Self {
        Self { map_run, identity, ending, items, started, redrives: 0, redriven: None, will_redrive: false }
    }
}

impl MapRunUpdate {
    pub(super) fn applied_to(self, limits: Limits) -> Limits {
        Limits {
            max_concurrency: self.max_concurrency.unwrap_or(limits.max_concurrency),
            tolerated_failure_count: self.tolerated_failure_count.unwrap_or(limits.tolerated_failure_count),
            tolerated_failure_percentage: self
                .tolerated_failure_percentage
                .unwrap_or(limits.tolerated_failure_percentage),
        }
    }
}

impl Engine {
    /// The Map Run of that ARN, running or over.
    pub async fn map_run(&self, arn: &str) -> Option<MapRunDescription> {
        let arn = arn.into();
        self.query(|reply| MapRunQuery::Describe { arn, reply }).await?
    }

    /// The Map Runs that an execution has started, in that order.
    pub async fn map_runs(&self, execution_arn: &str) -> Vec<MapRunDescription> {
        let execution = execution_arn.into();
        self.query(|reply| MapRunQuery::List { execution, reply }).await.unwrap_or_default()
    }

    /// The child executions of a Map Run: those that run, and of those that are over the last 10,000 of the engine.
    pub async fn map_run_children(&self, arn: &str) -> Vec<MapRunChild> {
        let arn = arn.into();
        let children = self.query(|reply| MapRunQuery::Children { arn, reply }).await.unwrap_or_default();
        children.into_iter().map(|child| self.child(child)).collect()
    }

    /// The child execution of that ARN, if it is among those that [`map_run_children`](Self::map_run_children) gives.
    pub async fn map_run_child(&self, execution_arn: &str) -> Option<MapRunChild> {
        let execution = execution_arn.into();
        let child = self.query(|reply| MapRunQuery::Child { execution, reply }).await??;
        Some(self.child(child))
    }

    /// Changes what a Map Run may do at once, and what may fail in it. One that is over stays as it is.
    ///
    /// # Errors
    /// There is no such Map Run, or the engine is gone.
    pub async fn update_map_run(&self, arn: &str, update: MapRunUpdate) -> Result<(), MapRunError> {
        let arn = arn.into();
        let updated = self.query(|reply| MapRunQuery::Update { arn, update, reply }).await;
        updated.unwrap_or(Err(MapRunError::ShutDown))
    }

    fn child(&self, child: ChildView) -> MapRunChild {
        let ChildView { map_run, identity, ending, items, started, redrives, redriven, will_redrive } = child;
        let execution = self.handle_of(identity, ending);
        MapRunChild { map_run, execution, items, started, redrives, redriven, will_redrive }
    }

    async fn query<T>(&self, query: impl FnOnce(oneshot::Sender<T>) -> MapRunQuery) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::MapRuns(query(reply))).ok()?;
        answer.await.ok()
    }
}
