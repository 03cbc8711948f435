//! `misplaced-token`: the Task Token is read where there is none.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, token_use};
use crate::survey::Survey;
use crate::{Code, Diagnostic, IntegrationPattern, Severity};

const CODE: Code = Code::new("misplaced-token");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "`$states.context.Task.Token` (JSONPath: `$$.Task.Token`) in a State that waits for no token.",
    why: "There is no token: the value is undefined and fails the State.",
    instead: "Add `.waitForTaskToken` to the `Resource`, or remove the expression.",
    invalid: &[
        Example::new(
            "/States/Ask/Arguments/Payload/token",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "f", "Payload": {"token": "{% $states.context.Task.Token %}"}}, "End": true}}}"#,
        ),
        Example::new(
            "/States/Ask/Parameters/token.$",
            r#"{"StartAt": "Ask", "States": {
                "Ask": {"Type": "Pass", "Parameters": {"token.$": "$$.Task.Token"}, "End": true}}}"#,
        ),
        Example::new(
            "/States/Ask/Parameters/Message.$",
            r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
                "Parameters": {"TopicArn": "t", "Message.$": "States.Format('answer {}', $$.Task.Token)"}, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "Run", "States": {"Run": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": {"StateMachineArn": "${Child}", "Input": {"token": "{% $states.context.Task.Token %}"}}, "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        if site.pattern == IntegrationPattern::RequestResponse {
            for place in token_use::token_reads(site) {
                let message = format!("the State `{}` has no Task Token", site.name);
                let help = "add `.waitForTaskToken` to the `Resource`, or remove this";
                found.push(Diagnostic::error(CODE, place, message).with_help(help));
            }
        }
    }
}
