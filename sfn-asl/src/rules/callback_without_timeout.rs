//! `callback-without-timeout`: a Task that waits for an answer for up to a year.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, IntegrationPattern, Severity, State};

const CODE: Code = Code::new("callback-without-timeout");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A `.waitForTaskToken` Task, or one of an Activity, with neither `TimeoutSeconds` nor `HeartbeatSeconds`.",
    why: "When the answer gets lost, the Execution hangs until its own time is over: a year.",
    instead: "Give it a `TimeoutSeconds`, or a `HeartbeatSeconds` if the worker sends heartbeats.",
    invalid: &[
        Example::new(
            "/States/Work",
            r#"{"StartAt": "Work", "States": {"Work": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:us-east-1:123456789012:activity:work"}}}"#,
        ),
        Example::new(
            "/States/Ask",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Arguments": {"FunctionName": "f", "Payload": "{% $states.context.Task.Token %}"}, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "HeartbeatSeconds": 60,
        "Arguments": {"FunctionName": "f", "Payload": "{% $states.context.Task.Token %}"}, "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        // What an Express Execution does not have at all is another rule's.
        let is_standard = survey.scope_of(site).execution == ExecutionType::Standard;
        let State::Task(task) = site.state else { continue };
        let is_callback =
            matches!(site.pattern, IntegrationPattern::WaitForCallback | IntegrationPattern::Activity);
        if is_standard && is_callback && task.timeout_seconds.is_none() && task.heartbeat_seconds.is_none() {
            let message = format!("the Task `{}` waits for an answer without any limit", site.name);
            let help = "add `TimeoutSeconds`, or `HeartbeatSeconds` if the worker sends heartbeats";
            found.push(Diagnostic::warning(CODE, site.place(), message).with_help(help));
        }
    }
}
