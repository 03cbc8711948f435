//! The manifest: everything about emitted workflows that the definitions themselves do not say.
//! Separate because it is a file format of its own, read by the command line and by deployment tools.

mod describe;
mod integrations;
mod personal;
mod schema;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shape::STORED;

pub(crate) use describe::describe;
pub use personal::{for_each_personal, personal_places};

/// The manifest of all workflows that one `target` folder holds.
///
/// ```
/// use sfn_core::Manifest;
///
/// let manifest: Manifest = serde_json::from_str(r#"{"formatVersion": 1, "workflows": []}"#)?;
/// assert!(manifest.workflow("order-saga").is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The version of this format.
    pub format_version: u32,
    /// The workflows, by name.
    pub workflows: Vec<WorkflowManifest>,
}

impl Manifest {
    /// The version of the format that this crate writes.
    pub const FORMAT_VERSION: u32 = 1;

    /// The workflow of a name.
    pub fn workflow(&self, name: &str) -> Option<&WorkflowManifest> {
        self.workflows.iter().find(|workflow| workflow.name == name)
    }
}

impl Default for Manifest {
    fn default() -> Self {
        Self { format_version: Self::FORMAT_VERSION, workflows: Vec::new() }
    }
}

/// One emitted workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowManifest {
    /// The name of the state machine.
    pub name: String,
    /// The package whose build script emitted it.
    pub package: String,
    /// The way from the manifest's folder to that package's.
    pub package_dir: String,
    /// The file of its definition, beside the manifest.
    pub file: String,
    /// The first paragraph of its documentation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comment: Option<String>,
    /// The kind of its executions: `STANDARD` or `EXPRESS`.
    pub r#type: String,
    /// The JSON Schema of its input; unknown if it was built by hand.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input: Option<Value>,
    /// The JSON Schema of its output; unknown if it was built by hand.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub output: Option<Value>,
    /// The tasks it calls.
    pub tasks: Vec<TaskManifest>,
    /// The workflows it executes.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub executions: Vec<ExecutionManifest>,
    /// The services it calls without a task between.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub integrations: Vec<IntegrationManifest>,
    /// The Rust place of each state.
    pub states: BTreeMap<String, StatePlace>,
}

/// One task of a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskManifest {
    /// The handler's name: what `_HANDLER` selects.
    pub name: String,
    /// The placeholder of its function's or activity's ARN in the definition, without `${` and `}`.
    pub placeholder: String,
    /// The first paragraph of its documentation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comment: Option<String>,
    /// How the workflow learns the result: `REQUEST_RESPONSE`, `WAIT_FOR_CALLBACK` or, from a worker, `ACTIVITY`.
    pub pattern: String,
    /// After how many seconds an attempt times out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub timeout_seconds: Option<u64>,
    /// After how many seconds of silence an attempt times out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub heartbeat_seconds: Option<u64>,
    /// The memory of its function, in MiB.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub memory_mb: Option<u32>,
    /// Whether what it gave is kept in a table, and given again to whoever calls it again.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub idempotent: bool,
    /// The JSON Schema of its payload.
    pub input: Value,
    /// The JSON Schema of what it gives.
    pub output: Value,
    /// The errors it declares.
    pub errors: Vec<ErrorManifest>,
    /// Where its function stands in Rust.
    pub origin: StatePlace,
}

impl TaskManifest {
    /// Whether it is given values of which references may travel.
    pub fn takes_stored(&self) -> bool {
        mentions_stored(&self.input)
    }

    /// Whether it gives, or completes a token with, values of which references may travel.
    pub fn gives_stored(&self) -> bool {
        mentions_stored(&self.output)
    }

    /// Whether a worker does it, which asks an activity for it, and no function.
    pub fn is_activity(&self) -> bool {
        self.pattern == ACTIVITY
    }
}

fn mentions_stored(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => fields.contains_key(STORED) || fields.values().any(mentions_stored),
        Value::Array(items) => items.iter().any(mentions_stored),
        _ => false,
    }
}

/// The pattern of a task that a worker does.
const ACTIVITY: &str = "ACTIVITY";

/// One workflow that another executes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionManifest {
    /// The name of its state machine.
    pub workflow: String,
    /// The placeholder of the state machine's ARN in the definition, without `${` and `}`.
    pub placeholder: String,
    /// Whether its end is waited for: `RUN_A_JOB` or `REQUEST_RESPONSE`.
    pub pattern: String,
}

/// One action of a service that a workflow calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationManifest {
    /// The `Resource`.
    pub resource: String,
    /// The service, as the `Resource` names it: `sns`, `aws-sdk:s3`.
    pub service: String,
    /// The action, without its pattern.
    pub action: String,
    /// How the workflow learns the result: `REQUEST_RESPONSE`, `RUN_A_JOB` or `WAIT_FOR_CALLBACK`.
    pub pattern: String,
    /// What the action is done to, each thing once.
    pub targets: Vec<TargetManifest>,
    /// The States that call it.
    pub states: Vec<String>,
}

/// What an action is done to: a topic, a table, a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetManifest {
    /// The argument that names it.
    pub argument: String,
    /// Its name, URL or ARN, with `${Name}` where that is filled in at deployment; nothing where only an execution knows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
}

/// One declared error of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorManifest {
    /// The Error Name.
    pub name: String,
    /// Whether it is retried by default.
    pub retry: bool,
    /// The JSON Schema of each of its fields.
    pub fields: BTreeMap<String, Value>,
}

/// A place in Rust source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatePlace {
    /// The file, as rustc names it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}
