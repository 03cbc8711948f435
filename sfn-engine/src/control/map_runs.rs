//! Map Runs by ARN: described, listed and changed.
//! Separate from the driver, which keeps them: here are the service's rules of ARNs and pages.

use std::sync::Arc;

use sfn_asl::ExecutionType;

use super::arn::{Arn, Resource};
use super::redrive;
use super::{Control, ExecutionDescription, ExecutionStatus, Page, Refusal};
use crate::core::Status;
use crate::driver::{MapRunChild, MapRunDescription, MapRunError, MapRunStatus, MapRunUpdate};
use crate::history::{Details, Fault};

/// A child execution of a Map Run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildDescription {
    /// The execution.
    pub execution: ExecutionDescription,
    /// How many items it works on.
    pub items: u64,
}

impl Control {
    /// Describes a Map Run.
    ///
    /// # Errors
    /// As the service's `DescribeMapRun`.
    pub async fn describe_map_run(&self, arn: &str) -> Result<MapRunDescription, Refusal> {
        let parsed = Arn::parse(arn)?;
        if parsed.resource != Resource::MapRun {
            return Err(parsed.wrong_kind());
        }
        self.engine().map_run(arn).await.ok_or_else(|| Refusal::no_such_resource(arn))
    }

    /// Lists the Map Runs of an execution, in the order they began.
    ///
    /// # Errors
    /// As the service's `ListMapRuns`.
    pub async fn list_map_runs(
        &self,
        execution: &str,
        page: &Page,
    ) -> Result<(Vec<MapRunDescription>, Option<String>), Refusal> {
        let record = self.standard(execution)?;
        let runs = self.engine().map_runs(&record.arn).await;
        self.pager().cut(self.now(), &format!("map runs {execution}"), runs, page, |run| run.arn.to_string())
    }

    /// Lists the child executions of a Map Run, the last that began first.
    ///
    /// # Errors
    /// As the service's `ListExecutions`.
    pub async fn list_children(
        &self,
        map_run: &str,
        status: Option<ExecutionStatus>,
        is_redriven: Option<bool>,
        page: &Page,
    ) -> Result<(Vec<ChildDescription>, Option<String>), Refusal> {
        self.describe_map_run(map_run).await?;
        let children = self.engine().map_run_children(map_run).await;
        let described = |child: &MapRunChild| ChildDescription {
            // Inputs and outputs are not listed.
            execution: describe(child, "".into()),
            items: child.items,
        };
        let mut children: Vec<_> = children.iter().rev().map(described).collect();
        children.retain(|ChildDescription { execution, .. }| {
            status.is_none_or(|status| status == execution.status)
                && is_redriven.is_none_or(|redriven| redriven == (execution.redrives > 0))
        });
        let list = format!("children {status:?} {is_redriven:?} {map_run}");
        self.pager().cut(self.now(), &list, children, page, |child| child.execution.arn.to_string())
    }

    /// A child execution of a Map Run, where the engine still has it.
    pub(super) async fn describe_child(&self, arn: &str) -> Option<ExecutionDescription> {
        let child = self.engine().map_run_child(arn).await?;
        let history = child.execution.history().await;
        let input = match history.first().map(|event| &event.details) {
            Some(Details::ExecutionStarted { input, .. }) => input.to_string(),
            _ => String::new(),
        };
        Some(describe(&child, input.into()))
    }

    /// Changes what a Map Run that is under way may do.
    ///
    /// # Errors
    /// As the service's `UpdateMapRun`.
    pub async fn update_map_run(&self, arn: &str, update: MapRunUpdate) -> Result<(), Refusal> {
        if self.describe_map_run(arn).await?.status != MapRunStatus::Running {
            let message = "Map Run is already complete and cannot be updated";
            let refusal = Refusal::validation(message);
            return Err(refusal.with_detail("reason", "CANNOT_UPDATE_COMPLETED_MAP_RUN"));
        }
        self.engine().update_map_run(arn, update).await.map_err(|error| match error {
            MapRunError::DoesNotExist => Refusal::no_such_resource(arn),
            MapRunError::ShutDown => Refusal::shut_down(),
        })
    }
}

fn describe(child: &MapRunChild, input: Arc<str>) -> ExecutionDescription {
    let outcome = child.execution.outcome();
    let (output, fault) = match outcome.as_ref().map(|outcome| &outcome.status) {
        Some(Status::Succeeded(output)) => (Some(output.to_string()), None),
        Some(Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault)) => {
            (None, Some(fault.clone()))
        }
        None => (None, None),
    };
    let arn = child.execution.arn();
    // Its State Machine is the Map State: `..:stateMachine:Order/Each`, where the execution is `..:execution:Order/Each:..`.
    let (before, kind) = match arn.split_once(":express:") {
        Some((before, rest)) => ((before, rest), ExecutionType::Express),
        None => (arn.split_once(":execution:").unwrap_or((arn, "")), ExecutionType::Standard),
    };
    let machine = before.1.split(':').next().unwrap_or_default();
    ExecutionDescription {
        arn: arn.into(),
        name: child.execution.name().into(),
        map_run_arn: Some(Arc::clone(&child.map_run)),
        machine_arn: format!("{}:stateMachine:{machine}", before.0).into(),
        version_arn: None,
        alias_arn: None,
        kind,
        status: if child.will_redrive {
            ExecutionStatus::PendingRedrive
        } else {
            ExecutionStatus::of(outcome.as_deref())
        },
        started: child.started,
        stopped: outcome.as_ref().map(|outcome| outcome.ended),
        input,
        output,
        fault: fault.unwrap_or(Fault { error: None, cause: None }),
        trace_header: None,
        redrives: child.redrives,
        redriven: child.redriven,
        redrive_status: redrive::child_status(outcome.as_deref()),
    }
}
