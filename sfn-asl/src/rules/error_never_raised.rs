//! `error-never-raised`: a Task's Retrier or Catcher for an error that the Task cannot have.
//! Separate because every rule has a file of its own.

use super::error_names::lists;
use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, IntegrationPattern, QueryLanguage, Severity, State, Task};

const CODE: Code = Code::new("error-never-raised");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A Task State's `ErrorEquals` with an error of other State types (`States.BranchFailed`), of the other Query \
           Language (`States.QueryEvaluationError`), or of a limit that the Task does not have (`States.Timeout` \
           without `TimeoutSeconds`, an advice).",
    why: "The Retrier or Catcher never matches; most often the limit was forgotten.",
    instead: "Remove the name, or give the Task the limit.",
    invalid: &[
        Example::new(
            "/States/A/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 9,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["States.HeartbeatTimeout"]}]}}}"#,
        ),
        Example::new(
            "/States/A/Catch/0/ErrorEquals/0",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke",
                      "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/Retry/0/ErrorEquals/1",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["Busy", "States.Timeout"]}]}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true, "TimeoutSeconds": 9, "Resource": "arn:aws:states:::lambda:invoke",
              "Retry": [{"ErrorEquals": ["States.Timeout"]}],
              "Catch": [{"ErrorEquals": ["States.ParameterPathFailure"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Task(task) = site.state else { continue };
        for (list, index, names) in lists(site) {
            for (at, name) in names.iter().enumerate() {
                let Some((severity, why)) = reason(site, task, name) else { continue };
                let place = site.pointer().join(list).join(index).join("ErrorEquals").join(at);
                let message = format!("this Task never fails with `{name}`: {why}");
                let report = Diagnostic { severity, ..Diagnostic::warning(CODE, place, message) };
                found.push(report.with_help("remove the name, or give the Task what it is about"));
            }
        }
    }
}

/// Why a Task cannot fail with an error.
fn reason(site: &Site<'_>, task: &Task, name: &str) -> Option<(Severity, &'static str)> {
    let (heartbeat, timeout) = (task.heartbeat_seconds.is_some(), task.timeout_seconds.is_some());
    let waits = IntegrationPattern::of(&task.resource) != IntegrationPattern::RequestResponse;
    let why = match name {
        "States.BranchFailed" => "it has no Branches",
        "States.NoChoiceMatched" => "it has no Choice Rules",
        "States.ExceedToleratedFailureThreshold"
        | "States.ItemReaderFailed"
        | "States.ResultWriterFailed" => "it runs no items",
        "States.HeartbeatTimeout" if !heartbeat => "it has no `HeartbeatSeconds`",
        "States.Timeout" if !timeout && !heartbeat && !waits && !task.resource.contains(":http:") => {
            return Some((Severity::Advice, "it has no `TimeoutSeconds`"));
        }
        "States.QueryEvaluationError" if site.language == QueryLanguage::JsonPath => "it speaks JSONPath",
        "States.ParameterPathFailure" | "States.ResultPathMatchFailure" | "States.IntrinsicFailure"
            if site.language == QueryLanguage::Jsonata =>
        {
            "it speaks JSONata"
        }
        _ => return None,
    };
    Some((Severity::Warning, why))
}
