//! The definition that an argument means: a workflow of this workspace, or one in a file. Apart from the commands, because
//! drawing, estimating and comparing all begin with it.

use crate::check::files::{FilesError, Source};
use crate::check::judge;
use crate::project::{Project, ProjectError};
use sfn_asl::{Document, ExecutionType, ReadError, StateMachine, Task, nearest};
use sfn_core::WorkflowManifest;
use std::path::Path;

/// A definition, and what is known of it besides.
#[derive(Debug)]
pub(crate) struct Meant {
    /// What it is called: the workflow's name, or the file's.
    pub(crate) name: String,
    pub(crate) machine: StateMachine,
    /// The kind of its executions.
    pub(crate) kind: ExecutionType,
    /// Whether the workflow or a template says that kind; of a definition by itself it is only the likelier one.
    pub(crate) is_kind_known: bool,
    /// The manifest's entry, if it is a workflow.
    pub(crate) workflow: Option<WorkflowManifest>,
}

/// Why there is no definition.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DefinitionError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("{path}: {source}; `cargo sfn check` shows all that is wrong with it")]
    Read { path: String, source: ReadError },
    #[error(
        "{0} holds no definition; it needs `StartAt` and `States`, or to be a template that has a state machine"
    )]
    NoDefinition(String),
    #[error("{path} holds several definitions; choose one with `--definition NAME`: {names}")]
    Several { path: String, names: String },
    #[error("no definition in {path} is named `{wanted}`; there is {names}")]
    Unknown { path: String, wanted: String, names: String },
}

/// The definition that was meant: a workflow's name, a file, or `-` for the standard input.
pub(crate) fn meant(what: &Path, definition: Option<&str>) -> Result<Meant, DefinitionError> {
    let is_path = what.extension().is_some() || what.components().count() > 1;
    if what.as_os_str() == "-" {
        return read(&Source::Stdin, definition);
    } else if what.is_file() {
        return read(&Source::Named(what.to_owned()), definition);
    } else if is_path {
        return Err(FilesError::Missing(what.to_owned()).into());
    }
    let (workflow, emitted) = Project::locate()?.workflow(&what.to_string_lossy())?;
    let read = read(&Source::Named(emitted.path), definition)?;
    Ok(of_workflow(read, workflow))
}

/// A definition together with its entry in the manifest.
pub(crate) fn of_workflow(read: Meant, workflow: WorkflowManifest) -> Meant {
    let kind = if workflow.r#type == ExecutionType::Express.as_str() {
        ExecutionType::Express
    } else {
        ExecutionType::Standard
    };
    Meant { name: workflow.name.clone(), kind, is_kind_known: true, workflow: Some(workflow), ..read }
}

/// What a Task State calls: its function, or else its Resource.
pub(crate) fn called_by(task: &Task) -> &str {
    let input = task.arguments.as_ref().or(task.parameters.as_ref());
    input.and_then(|input| input.get("FunctionName")?.as_str()).unwrap_or(&task.resource)
}

/// The only definition of a file, or the one of that name.
pub(crate) fn read(source: &Source, wanted: Option<&str>) -> Result<Meant, DefinitionError> {
    let file = judge::read(source)?.file;
    let path = file.path;
    let names: Vec<_> = file.definitions.iter().filter_map(|found| found.name.as_deref()).collect();
    let mut chosen =
        file.definitions.iter().filter(|found| wanted.is_none() || found.name.as_deref() == wanted);
    let definition = match (chosen.next(), chosen.next(), wanted) {
        (Some(only), None, _) => only,
        (Some(_), Some(_), _) => {
            return Err(DefinitionError::Several { path, names: nearest::listed(&names) });
        }
        (None, _, Some(wanted)) if !names.is_empty() => {
            let names = nearest::listed(&nearest::nearest_first(wanted, names.iter().copied()));
            return Err(DefinitionError::Unknown { path, wanted: wanted.to_owned(), names });
        }
        (None, ..) => return Err(DefinitionError::NoDefinition(path)),
    };
    let document = definition.document.as_ref();
    match document.map_err(Clone::clone).and_then(Document::machine) {
        Ok(machine) => {
            let name = definition.name.clone().unwrap_or(path);
            let kind = definition.kind.unwrap_or(ExecutionType::Standard);
            Ok(Meant { name, machine, kind, is_kind_known: definition.kind.is_some(), workflow: None })
        }
        Err(source) => Err(DefinitionError::Read { path, source }),
    }
}
