//! From workflows to artifacts: lowers each and sees to it that names are told apart.
//! Separate because it is pure: all faults of all workflows are collected, nothing is written.

use std::any::TypeId;
use std::collections::BTreeMap;

use sfn_asl::{Code, Diagnostic, Place, Severity};

use super::artifacts::{Artifact, Artifacts};
use super::settings::Settings;
use crate::manifest::describe;
use crate::{Definition, Lowered, Origin};

/// The package that emits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The way from the shared folder to the folder of its `Cargo.toml`.
    pub dir: String,
}

/// The artifacts of workflows.
///
/// # Errors
///
/// Everything that keeps any of the workflows from being emitted.
pub fn prepare(
    package: &Package,
    definitions: &[Definition],
    settings: &Settings,
) -> Result<Artifacts, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    check_workflow_names(definitions, &mut faults);
    check_task_names(definitions, &mut faults);
    let mut lowered = Vec::new();
    for definition in definitions {
        match definition.lower_at(&settings.levels) {
            Ok(done) if settings.deny_warnings && !done.warnings.is_empty() => {
                let denied = |warning| Diagnostic { severity: Severity::Error, ..warning };
                faults.extend(done.warnings.into_iter().map(denied));
            }
            Ok(done) => lowered.push((definition, done)),
            Err(found) => faults.extend(found),
        }
    }
    if !faults.is_empty() {
        return Err(told_once(faults));
    }
    let warnings = lowered.iter().flat_map(|(_, lowered)| &lowered.warnings).cloned().collect();
    let warnings = told_once(warnings).iter().map(in_one_line).collect();
    let mut workflows: Vec<Artifact> =
        lowered.iter().map(|(definition, lowered)| artifact(package, definition, lowered)).collect();
    workflows.sort_by(|one, other| one.entry.name.cmp(&other.entry.name));
    Ok(Artifacts { package: package.name.clone(), workflows, warnings })
}

/// What is wrong in a function is wrong in everything that it is defined for.
fn told_once(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }
    told
}

/// A warning as Cargo shows it: it has one line for each.
fn in_one_line(warning: &Diagnostic) -> String {
    let Diagnostic { place, message, help, code, .. } = warning;
    let help = help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{place}: {message}{help} [{code}]")
}

fn artifact(package: &Package, definition: &Definition, lowered: &Lowered) -> Artifact {
    let file = format!("{}.asl.json", definition.name());
    let entry = describe(definition, lowered, &package.name, &package.dir, &file);
    Artifact { definition: lowered.machine.to_json_pretty() + "\n", entry }
}

fn check_workflow_names(definitions: &[Definition], faults: &mut Vec<Diagnostic>) {
    for (at, definition) in definitions.iter().enumerate() {
        let name = definition.name();
        if let Some(other) = definitions[..at].iter().find(|other| other.name() == name) {
            let message = format!("two workflows are named `{name}`");
            let help = "rename one of the functions, or emit it once";
            faults.push(clash("duplicate-workflow-name", message, help, definition.origin(), other.origin()));
        }
    }
}

/// Tasks of different workflows under one handler's name: the deployed binary could not tell them apart.
fn check_task_names(definitions: &[Definition], faults: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, (TypeId, usize, Origin)> = BTreeMap::new();
    for (at, definition) in definitions.iter().enumerate() {
        for (id, entry) in definition.tasks.with_ids() {
            let (name, origin) = (entry.spec.name, entry.spec.origin);
            let (first, workflow, other) = *known.entry(name).or_insert((id, at, origin));
            // Two in one workflow are its own lowering's to report.
            if first != id && workflow != at {
                let message = format!("two different tasks are named `{name}`");
                let help = "give one of them another name: `#[task(name = \"..\")]`";
                faults.push(clash("duplicate-task-name", message, help, Some(origin), Some(other)));
            }
        }
    }
}

fn clash(
    code: &'static str,
    message: String,
    help: &str,
    origin: Option<Origin>,
    other: Option<Origin>,
) -> Diagnostic {
    let place = |origin: Option<Origin>| origin.map(|origin| Place::Rust(origin.into()));
    let whole = || Place::Definition { pointer: sfn_asl::Pointer::root(), span: None };
    let diagnostic =
        Diagnostic::error(Code::new(code), place(origin).unwrap_or_else(whole), message).with_help(help);
    diagnostic.with_note(place(other), "the other one is here")
}
