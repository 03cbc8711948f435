//! `callback-without-token`: a Task waits for its token and gives it to nobody.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, token_use};
use crate::survey::Survey;
use crate::{Code, Diagnostic, IntegrationPattern, QueryLanguage, Severity, State, Value};

const CODE: Code = Code::new("callback-without-token");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `.waitForTaskToken` Task whose `Arguments` (or `Parameters`) do not hand out the Task Token.",
    why: "Nobody can ever answer: the Task waits until its timeout, or for a year.",
    instead: "Put `{% $states.context.Task.Token %}` (JSONPath: `\"token.$\": \"$$.Task.Token\"`) into the payload.",
    invalid: &[
        Example::new(
            "/States/Ask/Arguments",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 9,
                "Arguments": {"FunctionName": "${Ask}", "Payload": {"order": "{% $states.input %}"}}, "End": true}}}"#,
        ),
        Example::new(
            "/States/Ask/Resource",
            r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "TimeoutSeconds": 9, "End": true,
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}}}"#,
        ),
        Example::new(
            "/States/Ask/Parameters",
            r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "TimeoutSeconds": 9, "End": true,
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {"QueueUrl": "q", "MessageBody": {"token": "Task.Token"}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 9,
            "Arguments": {"FunctionName": "${Ask}", "Payload": {"token": "{% $states.context.Task.Token %}"}},
            "End": true}}}"#,
        r#"{"StartAt": "Ask", "States": {"Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 9,
            "Parameters": {"QueueUrl.$": "$.queue", "MessageBody": {"token.$": "$$.Task.Token"}}, "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Task(task) = site.state else { continue };
        if site.pattern != IntegrationPattern::WaitForCallback {
            continue;
        }
        let (field, payload) = match site.language {
            QueryLanguage::Jsonata => ("Arguments", &task.arguments),
            QueryLanguage::JsonPath => ("Parameters", &task.parameters),
        };
        // A payload that is a placeholder as a whole may bring the token.
        let is_opaque = payload.as_ref().and_then(Value::as_str).is_some_and(|text| text.starts_with("${"));
        // So may an input that is part of the Context Object.
        let input_path = site.state.shared().input_path.value();
        let is_context = input_path.is_some_and(|path| path.starts_with("$$"));
        if is_opaque || is_context || token_use::hands_out_token(site, field) {
            continue;
        }
        let place = site.field(if payload.is_some() { field } else { "Resource" });
        let message = format!("the Task waits for its Task Token, and `{field}` does not hand it out");
        let help = match site.language {
            QueryLanguage::Jsonata => "put `{% $states.context.Task.Token %}` into the payload",
            QueryLanguage::JsonPath => {
                "put a field that ends in `.$` and is `$$.Task.Token` into the payload"
            }
        };
        found.push(Diagnostic::error(CODE, place, message).with_help(help));
    }
}
