//! An event as the service's API writes it: its type's name, and the details under the type's own field.
//! Separate because the same few detail shapes stand under two dozen names, and only here.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value as Json, json};
use sfn_asl::Value;

use super::{Assigned, Details, Fault, HistoryEvent, Iteration, Scheduled};
use crate::core::{Resource, ResourceKind};

impl Serialize for HistoryEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_map(None)?;
        event.serialize_entry("timestamp", &self.timestamp.as_seconds())?;
        event.serialize_entry("type", self.event_type())?;
        event.serialize_entry("id", &self.id)?;
        event.serialize_entry("previousEventId", &self.previous_event_id)?;
        if let Some((field, details)) = self.details.written() {
            event.serialize_entry(&field, &details)?;
        }
        event.end()
    }
}

/// The event types that differ by who does the work.
struct TaskTypes {
    scheduled: &'static str,
    started: &'static str,
    succeeded: &'static str,
    failed: &'static str,
    timed_out: &'static str,
}

const INTEGRATION: TaskTypes = TaskTypes {
    scheduled: "TaskScheduled",
    started: "TaskStarted",
    succeeded: "TaskSucceeded",
    failed: "TaskFailed",
    timed_out: "TaskTimedOut",
};

const LAMBDA: TaskTypes = TaskTypes {
    scheduled: "LambdaFunctionScheduled",
    started: "LambdaFunctionStarted",
    succeeded: "LambdaFunctionSucceeded",
    failed: "LambdaFunctionFailed",
    timed_out: "LambdaFunctionTimedOut",
};

const ACTIVITY: TaskTypes = TaskTypes {
    scheduled: "ActivityScheduled",
    started: "ActivityStarted",
    succeeded: "ActivitySucceeded",
    failed: "ActivityFailed",
    timed_out: "ActivityTimedOut",
};

fn task_types(resource: &Resource) -> &'static TaskTypes {
    match resource.kind() {
        ResourceKind::Integration { .. } => &INTEGRATION,
        ResourceKind::LambdaFunction => &LAMBDA,
        ResourceKind::Activity => &ACTIVITY,
    }
}

impl Details {
    /// The service's name of the event type.
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::ExecutionStarted { .. } => "ExecutionStarted",
            Self::ExecutionSucceeded { .. } => "ExecutionSucceeded",
            Self::ExecutionFailed(_) => "ExecutionFailed",
            Self::ExecutionTimedOut(_) => "ExecutionTimedOut",
            Self::ExecutionAborted(_) => "ExecutionAborted",
            Self::ExecutionRedriven { .. } => "ExecutionRedriven",
            Self::StateEntered { state_type, .. } => state_type.entered(),
            Self::StateExited { state_type, .. } => state_type.exited(),
            Self::StateAborted { state_type } => state_type.aborted(),
            Self::TaskScheduled(it) => task_types(&it.resource).scheduled,
            Self::TaskStarted { resource, .. } => task_types(resource).started,
            Self::TaskSubmitted { .. } => "TaskSubmitted",
            Self::TaskSucceeded { resource, .. } => task_types(resource).succeeded,
            Self::TaskFailed { resource, .. } => task_types(resource).failed,
            Self::TaskTimedOut { resource, .. } => task_types(resource).timed_out,
            Self::EvaluationFailed { .. } => "EvaluationFailed",
            Self::ParallelStateStarted => "ParallelStateStarted",
            Self::ParallelStateSucceeded => "ParallelStateSucceeded",
            Self::ParallelStateFailed => "ParallelStateFailed",
            Self::MapStateStarted { .. } => "MapStateStarted",
            Self::MapStateSucceeded => "MapStateSucceeded",
            Self::MapStateFailed => "MapStateFailed",
            Self::MapRunStarted { .. } => "MapRunStarted",
            Self::MapRunRedriven { .. } => "MapRunRedriven",
            Self::MapRunSucceeded => "MapRunSucceeded",
            Self::MapRunFailed(_) => "MapRunFailed",
            Self::MapRunAborted => "MapRunAborted",
            Self::MapIterationStarted(_) => "MapIterationStarted",
            Self::MapIterationSucceeded(_) => "MapIterationSucceeded",
            Self::MapIterationFailed(_) => "MapIterationFailed",
            Self::MapIterationAborted(_) => "MapIterationAborted",
        }
    }

    /// The field that holds the details, with the details; some types have none.
    fn written(&self) -> Option<(String, Json)> {
        let details = match self {
            Self::ExecutionStarted { input, role_arn } => {
                let mut details = payload("input", input);
                details.insert("roleArn".to_owned(), json!(**role_arn));
                details
            }
            Self::ExecutionSucceeded { output } => payload("output", output),
            Self::ExecutionFailed(fault)
            | Self::ExecutionTimedOut(fault)
            | Self::ExecutionAborted(fault)
            | Self::MapRunFailed(fault) => written_fault(fault),
            Self::StateEntered { name, input, .. } => {
                let mut details = Map::from_iter([("name".to_owned(), json!(**name))]);
                details.append(&mut payload("input", input));
                return Some(("stateEnteredEventDetails".to_owned(), Json::Object(details)));
            }
            Self::StateExited { name, output, assigned, .. } => {
                return Some(("stateExitedEventDetails".to_owned(), exited(name, output, assigned)));
            }
            Self::TaskScheduled(it) => {
                let Scheduled { resource, region, parameters, timeout, heartbeat, credentials } = &**it;
                let mut details = scheduled(resource, region, parameters);
                let seconds = [("timeoutInSeconds", timeout), ("heartbeatInSeconds", heartbeat)];
                for (name, seconds) in seconds.into_iter().filter_map(|(name, it)| Some((name, (*it)?))) {
                    details.insert(name.to_owned(), json!(seconds));
                }
                if let Some(role) = credentials.as_ref().and_then(|it| it.get("RoleArn")) {
                    details.insert("taskCredentials".to_owned(), json!({ "roleArn": Json::from(role) }));
                }
                details
            }
            Self::TaskStarted { resource, worker } => match resource.kind() {
                ResourceKind::Integration { .. } => named(resource),
                ResourceKind::LambdaFunction => return None,
                ResourceKind::Activity => {
                    worker.iter().map(|name| ("workerName".to_owned(), json!(**name))).collect()
                }
            },
            Self::TaskSubmitted { resource, output } | Self::TaskSucceeded { resource, output } => {
                let mut details = named(resource);
                details.append(&mut payload("output", output));
                details
            }
            Self::TaskFailed { resource, fault } | Self::TaskTimedOut { resource, fault } => {
                let mut details = named(resource);
                details.append(&mut written_fault(fault));
                details
            }
            Self::EvaluationFailed { state, fault, location } => {
                let mut details = written_fault(fault);
                details.insert("state".to_owned(), json!(**state));
                if let Some(location) = location {
                    details.insert("location".to_owned(), json!(**location));
                }
                details
            }
            Self::ExecutionRedriven { redrive_count } => {
                Map::from_iter([("redriveCount".to_owned(), json!(redrive_count))])
            }
            Self::MapStateStarted { length } => Map::from_iter([("length".to_owned(), json!(length))]),
            Self::MapRunStarted { map_run_arn } => {
                Map::from_iter([("mapRunArn".to_owned(), json!(**map_run_arn))])
            }
            Self::MapRunRedriven { map_run_arn, redrive_count } => Map::from_iter([
                ("mapRunArn".to_owned(), json!(**map_run_arn)),
                ("redriveCount".to_owned(), json!(redrive_count)),
            ]),
            Self::MapIterationStarted(iteration)
            | Self::MapIterationSucceeded(iteration)
            | Self::MapIterationFailed(iteration)
            | Self::MapIterationAborted(iteration) => written_iteration(iteration),
            Self::StateAborted { .. }
            | Self::ParallelStateStarted
            | Self::ParallelStateSucceeded
            | Self::ParallelStateFailed
            | Self::MapStateSucceeded
            | Self::MapStateFailed
            | Self::MapRunSucceeded
            | Self::MapRunAborted => return None,
        };
        Some((field_of(self.event_type()), Json::Object(details)))
    }
}

/// `MapStateStarted` keeps its details in `mapStateStartedEventDetails`.
fn field_of(event_type: &str) -> String {
    let (first, rest) = event_type.split_at(1);
    format!("{}{rest}EventDetails", first.to_ascii_lowercase())
}

fn payload(name: &str, value: &Value) -> Map<String, Json> {
    Map::from_iter([
        (name.to_owned(), json!(value.to_string())),
        (format!("{name}Details"), json!({ "truncated": false })),
    ])
}

fn exited(name: &str, output: &Value, assigned: &Assigned) -> Json {
    let mut details = Map::from_iter([("name".to_owned(), json!(name))]);
    details.append(&mut payload("output", output));
    if !assigned.is_empty() {
        let variables: Map<_, _> =
            assigned.iter().map(|(name, value)| (name.to_string(), json!(value.to_string()))).collect();
        details.insert("assignedVariables".to_owned(), Json::Object(variables));
        details.insert("assignedVariablesDetails".to_owned(), json!({ "truncated": false }));
    }
    Json::Object(details)
}

fn scheduled(resource: &Resource, region: &str, parameters: &Value) -> Map<String, Json> {
    let mut details = named(resource);
    if let ResourceKind::Integration { .. } = resource.kind() {
        details.insert("region".to_owned(), json!(region));
        details.insert("parameters".to_owned(), json!(parameters.to_string()));
    } else {
        details.insert("resource".to_owned(), json!(resource.as_str()));
        details.append(&mut payload("input", parameters));
    }
    details
}

/// Service integrations repeat in every event who does the work; functions and activities do not.
fn named(resource: &Resource) -> Map<String, Json> {
    match resource.kind() {
        ResourceKind::Integration { service, action } => Map::from_iter([
            ("resourceType".to_owned(), json!(**service)),
            ("resource".to_owned(), json!(**action)),
        ]),
        ResourceKind::LambdaFunction | ResourceKind::Activity => Map::new(),
    }
}

fn written_fault(fault: &Fault) -> Map<String, Json> {
    let parts = [("error", &fault.error), ("cause", &fault.cause)];
    parts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), json!(text.as_deref()?)))).collect()
}

fn written_iteration(iteration: &Iteration) -> Map<String, Json> {
    Map::from_iter([
        ("name".to_owned(), json!(*iteration.name)),
        ("index".to_owned(), json!(iteration.index)),
    ])
}
