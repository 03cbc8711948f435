//! Writes a workflow's entry from its definition and its lowered form.
//! Separate from the format because reading a manifest needs none of it.

use super::integrations::integrations;
use super::schema::{payload_schema, schema};
use super::{ACTIVITY, ErrorManifest, ExecutionManifest, StatePlace, TaskManifest, WorkflowManifest};
use crate::lower::{Lowered, first_paragraph, placeholder, workflow_placeholder};
use crate::{Callee, Definition, ExecutionType, Origin, Pattern, Repetition, TaskSpec};

pub(crate) fn describe(
    definition: &Definition,
    lowered: &Lowered,
    package: &str,
    package_dir: &str,
    file: &str,
) -> WorkflowManifest {
    let tasks: Vec<TaskManifest> = definition.tasks().iter().map(|entry| task(&entry.spec)).collect();
    WorkflowManifest {
        name: definition.name().to_owned(),
        package: package.to_owned(),
        package_dir: package_dir.to_owned(),
        file: file.to_owned(),
        comment: first_paragraph(definition.doc()),
        r#type: match definition.kind() {
            ExecutionType::Standard => "STANDARD".to_owned(),
            ExecutionType::Express => "EXPRESS".to_owned(),
        },
        input: definition.contract().map(|contract| schema(&(contract.input)())),
        output: definition.contract().map(|contract| schema(&(contract.output)())),
        tasks,
        executions: definition.callees().iter().map(execution).collect(),
        integrations: integrations(&lowered.machine),
        states: lowered.source_map.iter().map(|(name, origin)| (name.clone(), place(*origin))).collect(),
    }
}

fn execution(callee: &Callee) -> ExecutionManifest {
    ExecutionManifest {
        workflow: callee.spec.name.to_owned(),
        placeholder: workflow_placeholder(callee.spec.name),
        pattern: if callee.waits { "RUN_A_JOB".to_owned() } else { "REQUEST_RESPONSE".to_owned() },
    }
}

fn task(spec: &TaskSpec) -> TaskManifest {
    TaskManifest {
        name: spec.name.to_owned(),
        placeholder: placeholder(spec),
        comment: first_paragraph(spec.doc),
        pattern: match spec.pattern {
            Pattern::RequestResponse => "REQUEST_RESPONSE".to_owned(),
            Pattern::WaitForCallback => "WAIT_FOR_CALLBACK".to_owned(),
            Pattern::Activity => ACTIVITY.to_owned(),
        },
        timeout_seconds: spec.timeout.map(|timeout| timeout.as_secs()),
        heartbeat_seconds: spec.heartbeat.map(|heartbeat| heartbeat.as_secs()),
        memory_mb: spec.memory_mb,
        idempotent: matches!(spec.repetition, Repetition::Replays(_)),
        input: payload_schema(spec),
        output: schema(&(spec.output)()),
        errors: spec.errors.iter().map(error).collect(),
        origin: place(spec.origin),
    }
}

fn error(error: &crate::ErrorSpec) -> ErrorManifest {
    let fields = error.fields.iter().map(|field| (field.wire.to_owned(), schema(&(field.shape)())));
    ErrorManifest { name: error.name.to_owned(), retry: error.retry, fields: fields.collect() }
}

fn place(origin: Origin) -> StatePlace {
    StatePlace { file: origin.file.to_owned(), line: origin.line, column: origin.column }
}
