//! `unsupported-pattern`: an integration is asked to wait in a way that it cannot.
//! Separate because every rule has a file of its own.

use sfn_catalogue::{Pattern, Resource};

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("unsupported-pattern");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `Resource` with a suffix, `.sync`, `.sync:2` or `.waitForTaskToken`, that its integration does not have.",
    why: "The service refuses the definition. AWS SDK integrations answer or wait for a Task Token; only some \
          optimised integrations can wait for a job.",
    instead: "Use a pattern the integration has; to wait for a job of an AWS SDK integration, poll it.",
    invalid: &[
        Example::new(
            "/States/Run/Resource",
            r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke.sync"}}}"#,
        ),
        Example::new(
            "/States/Run/Resource",
            r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::aws-sdk:glue:startJobRun.sync", "TimeoutSeconds": 60}}}"#,
        ),
        Example::new(
            "/States/Run/Resource",
            r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForToken"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": "${Child}"}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let Resource::UnsupportedPattern { action, suffix } = site.resource else { continue };
        let message = format!("`{action}` has no `{suffix}`");
        let patterns = action.patterns().map(|pattern| match pattern {
            Pattern::RequestResponse => "no suffix".to_owned(),
            pattern => format!("`{}`", pattern.suffix()),
        });
        let patterns = patterns.collect::<Vec<_>>();
        let help = format!("it can have {}", patterns.join(" or "));
        found.push(Diagnostic::error(CODE, site.field("Resource"), message).with_help(help));
    }
}
