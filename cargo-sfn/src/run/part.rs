//! The workflows that take part in a run: the one that is asked for and those that it executes, each with its program.
//! Apart from the run, which goes through them all alike.

use crate::project::{Built, Emitted, Project, ProjectError};
use sfn_asl::ExecutionType;
use sfn_core::{TaskManifest, WorkflowManifest};
use sfn_engine::control::{CreateStateMachine, Place};
use std::path::PathBuf;

/// A workflow, and what a run needs of it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) workflow: WorkflowManifest,
    pub(super) definition: Emitted,
    /// The program that serves its tasks.
    pub(super) program: PathBuf,
}

/// The workflows of a run.
#[derive(Debug)]
pub(super) struct Parts {
    /// The one that is asked for comes first.
    pub(super) all: Vec<Part>,
    /// The workflows that are executed and that no build script of the workspace emits, each behind the one that executes it.
    pub(super) missing: Vec<(String, String)>,
}

impl Parts {
    /// A workflow, those that it executes, those that they execute.
    pub(super) fn of(project: &Project, built: &Built, name: &str) -> Result<Self, ProjectError> {
        let known = project.manifest()?;
        let mut parts = Self { all: vec![Part::of(project, built, name)?], missing: Vec::new() };
        let mut next = 0;
        while let Some(Part { workflow, .. }) = parts.all.get(next) {
            let by = workflow.name.clone();
            for execution in workflow.executions.clone() {
                let name = execution.workflow;
                if known.workflow(&name).is_none() {
                    parts.missing.push((by.clone(), name));
                } else if !parts.all.iter().any(|part| part.workflow.name == name) {
                    parts.all.push(Part::of(project, built, &name)?);
                }
            }
            next += 1;
        }
        Ok(parts)
    }
}

impl Part {
    fn of(project: &Project, built: &Built, name: &str) -> Result<Self, ProjectError> {
        let (workflow, definition) = project.workflow(name)?;
        let program = built.program(&workflow, &project.folder(&workflow)?)?.to_path_buf();
        Ok(Self { workflow, definition, program })
    }

    /// Its definition with the ARNs that activities and state machines have here.
    pub(super) fn text(&self) -> String {
        let activities = self.workflow.tasks.iter().filter(|task| task.is_activity());
        let activities = activities.map(|task| (called(task), named_here(task)));
        let machines = self.workflow.executions.iter();
        let machines = machines.map(|own| (placeholder(&own.placeholder), machine(&own.workflow)));
        activities
            .chain(machines)
            .fold(self.definition.text.clone(), |text, (placeholder, arn)| text.replace(&placeholder, &arn))
    }

    /// It as a state machine that others may execute.
    pub(super) fn to_be_executed(&self) -> CreateStateMachine {
        let role = "arn:aws:iam::123456789012:role/local";
        let create = CreateStateMachine::new(&*self.workflow.name, self.text(), role);
        let is_express = self.workflow.r#type == ExecutionType::Express.as_str();
        CreateStateMachine {
            kind: if is_express { ExecutionType::Express } else { ExecutionType::Standard },
            ..create
        }
    }
}

/// What a definition calls the function or the activity of a task.
pub(super) fn called(task: &TaskManifest) -> String {
    placeholder(&task.placeholder)
}

/// What the definition that runs here calls the function or the activity of a task.
pub(super) fn named_here(task: &TaskManifest) -> String {
    if task.is_activity() { Place::default().activity(&task.name) } else { called(task) }
}

/// The ARN that the state machine of a workflow has here.
pub(super) fn machine(workflow: &str) -> String {
    let Place { region, account } = Place::default();
    format!("arn:aws:states:{region}:{account}:stateMachine:{workflow}")
}

fn placeholder(name: &str) -> String {
    format!("${{{name}}}")
}
