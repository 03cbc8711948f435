//! `express-integration`: an Express Execution waits for a job, a token or an Activity.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, IntegrationPattern, Severity};

const CODE: Code = Code::new("express-integration");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `.sync` or `.waitForTaskToken` integration, or an Activity, in a State Machine that runs as Express.",
    why: "The service refuses the definition: Express Executions only have Request Response.",
    instead: "Run it as Standard, or drop the suffix and poll. The child Executions of a distributed Map follow its \
              `ExecutionType`.",
    invalid: &[
        Example::express(
            "/States/Run/Resource",
            r#"{"StartAt": "Run", "States": {"Run": {
                "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true}}}"#,
        ),
        Example::new(
            "/States/Each/ItemProcessor/States/Work/Resource",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "Work", "States": {"Work": {"Type": "Task", "End": true,
                    "Resource": "arn:aws:states:us-east-1:123456789012:activity:work"}}}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "Work", "States": {"Work": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke"}}}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        if survey.scope_of(site).execution != ExecutionType::Express {
            continue;
        }
        let what = match site.pattern {
            IntegrationPattern::RunAJob => "`.sync`",
            IntegrationPattern::WaitForCallback => "`.waitForTaskToken`",
            IntegrationPattern::Activity => "an Activity",
            IntegrationPattern::RequestResponse | IntegrationPattern::Unknown => continue,
        };
        let message = format!("Express Executions do not have {what}");
        let help = "run it as Standard, or use Request Response";
        found.push(Diagnostic::error(CODE, site.field("Resource"), message).with_help(help));
    }
}
