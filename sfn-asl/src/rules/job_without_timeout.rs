//! `job-without-timeout`: a Task that waits for a job for up to a year.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, IntegrationPattern, Severity, State};

const CODE: Code = Code::new("job-without-timeout");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "A `.sync` Task without `TimeoutSeconds`.",
    why: "A job that hangs keeps the Execution waiting until its own time is over: a year.",
    instead: "Give it a `TimeoutSeconds` that is well above what the job takes.",
    invalid: &[Example::new(
        "/States/Run",
        r#"{"StartAt": "Run", "States": {"Run": {
            "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": true}}}"#,
    )],
    valid: &[r#"{"StartAt": "Run", "States": {"Run": {
        "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "TimeoutSeconds": 3600, "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        // What an Express Execution does not have at all is another rule's.
        let is_standard = survey.scope_of(site).execution == ExecutionType::Standard;
        let State::Task(task) = site.state else { continue };
        let is_job = site.pattern == IntegrationPattern::RunAJob;
        if is_standard && is_job && task.timeout_seconds.is_none() {
            let message = format!("the Task `{}` waits for its job without any limit", site.name);
            found.push(Diagnostic::advice(CODE, site.place(), message).with_help("add `TimeoutSeconds`"));
        }
    }
}
