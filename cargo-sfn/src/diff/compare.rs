//! What a change means, and for whom. Apart from reading and printing, because this is where it is judged.

use super::contract::{Mismatch, Reader, breaks};
use super::states::{self, Changed};
use crate::definition::{Meant, called_by};
use serde::Serialize;
use serde_json::Value;
use sfn_asl::{ExecutionType, State, scopes};
use sfn_core::{TaskManifest, personal_places};
use std::collections::{BTreeMap, BTreeSet};

/// How bad a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// Nobody has to do anything.
    Harmless,
    /// Somebody may have to.
    Risky,
    /// Something that worked will fail.
    Breaking,
}

/// Whom a change concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Affected {
    /// Whoever starts executions and reads what they come to.
    Callers,
    /// Executions that were started before, under the old definition, an alias or a version of it.
    RunningExecutions,
    /// Failed executions that are redriven, which go on under their old definition.
    Redrives,
}

impl Affected {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Callers => "callers",
            Self::RunningExecutions => "running executions",
            Self::Redrives => "redrives",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Finding {
    pub(super) level: Level,
    /// What kind of change it is.
    pub(super) code: &'static str,
    /// What was changed.
    pub(super) message: String,
    pub(super) affects: Vec<Affected>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) help: Option<&'static str>,
}

const OLD_CODE: &[Affected] = &[Affected::RunningExecutions, Affected::Redrives];
const CALLERS: &[Affected] = &[Affected::Callers];
const ALL: &[Affected] = &[Affected::Callers, Affected::RunningExecutions, Affected::Redrives];

/// All changes from one definition to the other, the worst first.
pub(super) fn compare(old: &Meant, new: &Meant) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.kind(old, new);
    findings.contract(old, new);
    findings.tasks(old, new);
    // Executions that are running or redriven keep the limit they were started with.
    findings.timeout("the execution", seconds(old), seconds(new), CALLERS);
    findings.states(old, new);
    findings.errors(old, new);
    findings.0.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings.0
}

/// What it means that a workflow is not there any more.
pub(super) fn workflow_removed() -> Finding {
    Finding {
        level: Level::Breaking,
        code: "workflow-removed",
        message: "the workflow is gone".to_owned(),
        affects: ALL.to_vec(),
        help: Some("keep the state machine until its executions are over and its callers have moved"),
    }
}

/// What it means that a workflow is new.
pub(super) fn workflow_added() -> Finding {
    let message = "the workflow is new".to_owned();
    Finding { level: Level::Harmless, code: "workflow-added", message, affects: Vec::new(), help: None }
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        (level, code): (Level, &'static str),
        message: String,
        affects: &[Affected],
        help: Option<&'static str>,
    ) {
        self.0.push(Finding { level, code, message, affects: affects.to_vec(), help });
    }

    fn kind(&mut self, old: &Meant, new: &Meant) {
        if old.is_kind_known && new.is_kind_known && old.kind != new.kind {
            let message = format!("executions were {}, and are {}", old.kind.as_str(), new.kind.as_str());
            let help = "the type of a state machine cannot be changed: deploy the new one under another name, and keep \
                        the old one until its executions are over and its callers have moved";
            self.add((Level::Breaking, "kind-changed"), message, ALL, Some(help));
        }
    }

    fn contract(&mut self, old: &Meant, new: &Meant) {
        let (Some(before), Some(after)) = (&old.workflow, &new.workflow) else { return };
        let both = |old: &Option<Value>, new: &Option<Value>| Some((old.clone()?, new.clone()?));
        if let Some((old, new)) = both(&before.input, &after.input) {
            self.input("the workflow's input", &old, &new, CALLERS);
        }
        if let Some((old, new)) = both(&before.output, &after.output) {
            self.output("the workflow's output", &old, &new, CALLERS);
        }
    }

    /// Whether what was written so far is still read.
    fn input(&mut self, of: &str, old: &Value, new: &Value, affects: &[Affected]) {
        let help = "make the new field optional (`#[serde(default)]`), or take both forms until nobody sends the old one";
        let found = breaks(Reader::Rust, new, old);
        for found in &found {
            let field = field(&found.path);
            let message = match &found.what {
                Mismatch::Missing => format!("{of}: {field} is required now and was not there"),
                Mismatch::Optional => format!("{of}: {field} is required now and was optional"),
                Mismatch::Type { reader, writer } => {
                    format!("{of}: {field} was {writer}, and is {reader}")
                }
                Mismatch::Variant(name) => format!("{of}: {field} may not be `{name}` any more"),
            };
            self.add((Level::Breaking, "input-broken"), message, affects, Some(help));
        }
        self.personal(of, old, new);
        if found.is_empty() && old != new {
            let message = format!("{of} changed; what was sent so far is still understood");
            self.add((Level::Harmless, "input-widened"), message, affects, None);
        }
    }

    /// Whether who reads it so far can read what is written now.
    fn output(&mut self, of: &str, old: &Value, new: &Value, affects: &[Affected]) {
        let help = "keep giving what was given until nobody reads it any more";
        let found = breaks(Reader::Anyone, old, new);
        for found in &found {
            let field = field(&found.path);
            let message = match &found.what {
                Mismatch::Missing => format!("{of}: {field} is gone"),
                Mismatch::Optional => format!("{of}: {field} may be missing now"),
                Mismatch::Type { reader, writer } => {
                    format!("{of}: {field} was {reader}, and may be {writer}")
                }
                Mismatch::Variant(name) => format!("{of}: {field} may be `{name}` now"),
            };
            self.add((Level::Breaking, "output-broken"), message, affects, Some(help));
        }
        self.personal(of, old, new);
        if found.is_empty() && old != new {
            let message = format!("{of} changed; who read it so far still can");
            self.add((Level::Harmless, "output-narrowed"), message, affects, None);
        }
    }

    /// What is marked as personal and was not, or was and is not.
    fn personal(&mut self, of: &str, old: &Value, new: &Value) {
        let (before, after) = (personal_places(old), personal_places(new));
        for place in after.difference(&before) {
            let message = format!("{of}: {} is personal data now", field(place));
            self.add((Level::Harmless, "personal-data-marked"), message, &[], None);
        }
        for place in before.difference(&after) {
            let message = format!("{of}: {} is not personal data any more", field(place));
            let help = "see that it is gone, or that it may stand in logs and traces";
            self.add((Level::Risky, "personal-data-unmarked"), message, &[], Some(help));
        }
    }

    fn tasks(&mut self, old: &Meant, new: &Meant) {
        // A definition by itself does not say which tasks its functions are.
        let (Some(before), Some(after)) = (&old.workflow, &new.workflow) else { return };
        let [before, after] = [before, after].map(|workflow| -> BTreeMap<&str, &TaskManifest> {
            workflow.tasks.iter().map(|task| (task.name.as_str(), task)).collect()
        });
        for name in before.keys().filter(|name| !after.contains_key(**name)) {
            let help = "keep the function until no execution of the old definition is running or may be redriven; versions \
                        behind an alias keep it by themselves";
            let message = format!("the function of task `{name}` is gone");
            self.add((Level::Risky, "function-removed"), message, OLD_CODE, Some(help));
        }
        for (name, task) in &after {
            let Some(before) = before.get(*name) else {
                let message = format!("task `{name}` is new, with a function of its own");
                self.add((Level::Harmless, "function-added"), message, &[], None);
                continue;
            };
            self.input(&format!("the input of task `{name}`"), &before.input, &task.input, OLD_CODE);
            self.output(&format!("the output of task `{name}`"), &before.output, &task.output, OLD_CODE);
            self.task_errors(name, before, task);
            if before.pattern != task.pattern {
                let message = format!("task `{name}` was {}, and is {}", before.pattern, task.pattern);
                let help = "give the new task another name, so that executions of the old definition find the old one";
                self.add((Level::Breaking, "pattern-changed"), message, OLD_CODE, Some(help));
            }
        }
    }

    fn task_errors(&mut self, name: &str, old: &TaskManifest, new: &TaskManifest) {
        for error in &new.errors {
            let Some(before) = old.errors.iter().find(|before| before.name == error.name) else {
                let message = format!("task `{name}` may fail with `{}` now", error.name);
                let help = "executions of the old definition have no Catcher for it: see that `States.ALL` is caught, or \
                            that failing is right";
                self.add((Level::Risky, "error-added"), message, OLD_CODE, Some(help));
                continue;
            };
            let object = |fields: &BTreeMap<String, Value>| serde_json::json!({ "type": "object", "properties": fields, "required": fields.keys().collect::<Vec<_>>() });
            let of = format!("error `{}` of task `{name}`", error.name);
            self.output(&of, &object(&before.fields), &object(&error.fields), OLD_CODE);
        }
        for error in old.errors.iter().filter(|error| new.errors.iter().all(|other| other.name != error.name))
        {
            let message = format!("task `{name}` does not fail with `{}` any more", error.name);
            self.add((Level::Harmless, "error-removed"), message, OLD_CODE, None);
        }
    }

    fn timeout(&mut self, of: &str, old: Option<f64>, new: Option<f64>, affects: &[Affected]) {
        let help = "see that nothing takes longer than it may now";
        match (old, new) {
            (None, Some(new)) => {
                let message = format!("{of} may take {new} s now, and had no limit");
                self.add((Level::Risky, "timeout-shortened"), message, affects, Some(help));
            }
            (Some(old), Some(new)) if new < old => {
                let message = format!("{of} may take {new} s now, and had {old} s");
                self.add((Level::Risky, "timeout-shortened"), message, affects, Some(help));
            }
            (Some(old), Some(new)) if new > old => {
                let message = format!("{of} may take {new} s now, and had {old} s");
                self.add((Level::Harmless, "timeout-extended"), message, affects, None);
            }
            (Some(old), None) => {
                let message = format!("{of} has no limit any more, and had {old} s");
                let help = "give it a timeout, unless it may wait for ever";
                self.add((Level::Risky, "timeout-removed"), message, affects, Some(help));
            }
            _ => {}
        }
    }

    fn states(&mut self, old: &Meant, new: &Meant) {
        let states = states::compare(&old.machine, &new.machine);
        let still_called = resources(new);
        for name in &states.removed {
            let called = called(old, name);
            let is_gone = called.as_ref().is_some_and(|called| !still_called.contains(called));
            let message = format!("state `{name}` is gone");
            if is_gone {
                let help = "executions that run in it or failed there go on under the old definition: keep what it calls \
                            until none of them is left";
                self.add((Level::Risky, "state-removed"), message, OLD_CODE, Some(help));
            } else {
                self.add((Level::Harmless, "state-removed"), message, &[], None);
            }
        }
        for name in &states.added {
            self.add((Level::Harmless, "state-added"), format!("state `{name}` is new"), &[], None);
        }
        for (old, new) in &states.renamed {
            let message = format!("state `{old}` is called `{new}`");
            let help = "rename it in mock files, alarms and whatever else looks for it in histories";
            self.add((Level::Harmless, "state-renamed"), message, &[], Some(help));
        }
        for changed in &states.changed {
            self.changed(changed);
        }
    }

    fn changed(&mut self, changed: &Changed) {
        let name = &changed.name;
        let mut others: BTreeSet<&str> = changed.fields.keys().map(String::as_str).collect();
        for field in ["TimeoutSeconds", "HeartbeatSeconds"] {
            if let Some((old, new)) =
                changed.fields.get(field).filter(|(old, new)| !old.is_string() && !new.is_string())
            {
                let of = if field == "TimeoutSeconds" {
                    format!("state `{name}`")
                } else {
                    format!("the worker of `{name}` without a heartbeat")
                };
                self.timeout(&of, old.as_f64(), new.as_f64(), CALLERS);
                others.remove(field);
            }
        }
        for field in ["Retry", "Catch"] {
            let Some((old, new)) = changed.fields.get(field) else { continue };
            let lost: Vec<&str> = handled(old).into_iter().filter(|name| !handles(new, name)).collect();
            if !lost.is_empty() {
                let what = if field == "Retry" { "retries" } else { "catches" };
                let lost = sfn_asl::nearest::listed(&lost);
                let message = format!("state `{name}` {what} {lost} no more");
                let help = "see that the execution may fail there";
                self.add((Level::Risky, "handler-removed"), message, CALLERS, Some(help));
                others.remove(field);
            }
        }
        if others.contains("Type") {
            let (old, new) = &changed.fields["Type"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let message = format!("state `{name}` was a {} State, and is a {} State", text(old), text(new));
            self.add((Level::Harmless, "state-changed"), message, &[], None);
        } else if !others.is_empty() {
            let fields = sfn_asl::nearest::listed(&others.into_iter().collect::<Vec<_>>());
            let message = format!("state `{name}` changed: {fields}");
            self.add((Level::Harmless, "state-changed"), message, &[], None);
        }
    }

    /// The errors that an execution says it fails with.
    fn errors(&mut self, old: &Meant, new: &Meant) {
        let (before, after) = (failures(old), failures(new));
        for error in after.difference(&before) {
            let message = format!("executions may fail with `{error}` now");
            let help = "tell who handles failed executions by their error";
            self.add((Level::Risky, "failure-added"), message, CALLERS, Some(help));
        }
        for error in before.difference(&after) {
            let message = format!("executions do not fail with `{error}` any more");
            self.add((Level::Harmless, "failure-removed"), message, CALLERS, None);
        }
    }
}

fn field(path: &str) -> String {
    if path.is_empty() { "the whole".to_owned() } else { format!("`{path}`") }
}

#[expect(clippy::cast_precision_loss, reason = "at most a year of seconds")]
fn seconds(meant: &Meant) -> Option<f64> {
    meant.machine.timeout_seconds.map(|seconds| seconds as f64)
}

/// The Error Names that a `Retry` or `Catch` is for.
fn handled(handlers: &Value) -> BTreeSet<&str> {
    let all = handlers.as_array().into_iter().flatten();
    let names = all.filter_map(|handler| handler["ErrorEquals"].as_array()).flatten();
    names.filter_map(Value::as_str).filter(|name| handles(handlers, name)).collect()
}

/// Whether a `Retry` or `Catch` does something about an error: the first that takes it decides.
fn handles(handlers: &Value, error: &str) -> bool {
    let mut all = handlers.as_array().into_iter().flatten();
    let takes = |handler: &&Value| {
        let names = handler["ErrorEquals"].as_array().into_iter().flatten().filter_map(Value::as_str);
        names.into_iter().any(|name| name == error || is_part_of(error, name))
    };
    all.find(takes).is_some_and(|handler| handler["MaxAttempts"] != 0)
}

/// Whether one Error Name stands for another among more.
fn is_part_of(error: &str, name: &str) -> bool {
    match name {
        "States.ALL" => !["States.DataLimitExceeded", "States.Runtime"].contains(&error),
        "States.TaskFailed" => !error.starts_with("States.") || error == "States.Permissions",
        "States.Timeout" => error == "States.HeartbeatTimeout",
        _ => false,
    }
}

/// What the Task State of a name calls.
fn called(meant: &Meant, name: &str) -> Option<String> {
    let scopes = scopes(&meant.machine, ExecutionType::Standard);
    scopes.iter().find_map(|scope| callee(scope.machine.states.get(name)?))
}

fn resources(meant: &Meant) -> BTreeSet<String> {
    let scopes = scopes(&meant.machine, ExecutionType::Standard);
    scopes.iter().flat_map(|scope| scope.machine.states.values()).filter_map(callee).collect()
}

fn callee(state: &State) -> Option<String> {
    if let State::Task(task) = state { Some(called_by(task).to_owned()) } else { None }
}

fn failures(meant: &Meant) -> BTreeSet<String> {
    let scopes = scopes(&meant.machine, ExecutionType::Standard);
    let whole = scopes.first().into_iter().flat_map(|scope| scope.machine.states.values());
    let errors = whole.filter_map(|state| match state {
        State::Fail(fail) => fail.error.as_ref().and_then(|error| error.literal().cloned()),
        _ => None,
    });
    errors.collect()
}
