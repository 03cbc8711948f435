//! `error-never-raised`: a Retrier or Catcher for an error that its State cannot have.
//! Separate because every rule has a file of its own.

use sfn_catalogue::Resource;

use super::error_names::lists;
use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, IntegrationPattern, Map, ProcessorMode, QueryLanguage, Severity, State, Task};

const CODE: Code = Code::new("error-never-raised");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "An `ErrorEquals` of a Task or Map State with an error of other State types (`States.BranchFailed`), of the other Query \
           Language (`States.QueryEvaluationError`), or of what the State does not have: `States.Timeout` \
           without `TimeoutSeconds` (an advice), `States.Http.Socket` without an HTTP endpoint, `States.ItemReaderFailed` \
           without `ItemReader`.",
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
        Example::new(
            "/States/Each/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 5,
                "Retry": [{"ErrorEquals": ["States.ItemReaderFailed"]}],
                "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
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
    for (number, site) in survey.handling() {
        for (list, index, names) in lists(site) {
            for (at, name) in names.iter().enumerate() {
                let reason = match site.state {
                    State::Task(task) => of_task(site, task, name),
                    State::Map(map) => of_map(survey, number, map, name).map(|why| (Severity::Warning, why)),
                    _ => None,
                };
                let Some((severity, why)) = reason else { continue };
                let place = site.pointer().join(list).join(index).join("ErrorEquals").join(at);
                let what = if matches!(site.state, State::Task(_)) { "Task" } else { "Map State" };
                let message = format!("this {what} never fails with `{name}`: {why}");
                let report = Diagnostic { severity, ..Diagnostic::warning(CODE, place, message) };
                found.push(report.with_help(format!("remove the name, or give the {what} what it is about")));
            }
        }
    }
}

/// Why a Map State cannot fail with an error. What fails inside an inline one fails it too.
fn of_map(survey: &Survey<'_>, number: usize, map: &Map, name: &str) -> Option<&'static str> {
    let is_inline = map.item_processor.mode() == ProcessorMode::Inline;
    let holds_map = || is_inline && survey.inside(number).any(|site| matches!(site.state, State::Map(_)));
    let writes = map.result_writer.as_ref().is_some_and(|writer| writer.resource.is_some());
    let why = match name {
        "States.ItemReaderFailed" if map.item_reader.is_none() => "it has no `ItemReader`",
        "States.ResultWriterFailed" if !writes => "it has no `ResultWriter` that writes",
        "States.ExceedToleratedFailureThreshold" if is_inline => "it is not distributed",
        "States.NoChoiceMatched" | "States.BranchFailed" if !is_inline => {
            "what fails in an item of a distributed Map counts as a failure of the item"
        }
        _ => return None,
    };
    (!holds_map()).then_some(why)
}

/// Why a Task cannot fail with an error.
fn of_task(site: &Site<'_>, task: &Task, name: &str) -> Option<(Severity, &'static str)> {
    let (heartbeat, timeout) = (task.heartbeat_seconds.is_some(), task.timeout_seconds.is_some());
    let waits = site.pattern != IntegrationPattern::RequestResponse;
    let why = match name {
        "States.BranchFailed" => "it has no Branches",
        "States.NoChoiceMatched" => "it has no Choice Rules",
        "States.ExceedToleratedFailureThreshold"
        | "States.ItemReaderFailed"
        | "States.ResultWriterFailed" => "it runs no items",
        _ if name.starts_with("States.Http.") && is_other_than_http(site) => "it calls no HTTP endpoint",
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

/// Whether a Task is known to call something else than an HTTP endpoint.
fn is_other_than_http(site: &Site<'_>) -> bool {
    matches!(site.resource, Resource::Known { action, .. } if action.service().prefix() != "Http")
}
