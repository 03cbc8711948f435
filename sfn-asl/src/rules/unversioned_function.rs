//! `unversioned-function`: a Lambda function's ARN without a version or an alias.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, lambda};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("unversioned-function");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "A Lambda function's ARN, written out, that ends with the function's name or with `$LATEST`.",
    why: "Whoever changes the function's code changes running Executions: one that began with the old code goes on with \
          the new.",
    instead: "Publish a version and name it, or an alias that points to one: `...:function:charge:live`.",
    invalid: &[
        Example::new(
            "/States/A/Resource",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge"}}}"#,
        ),
        Example::new(
            "/States/A/Arguments/FunctionName",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {
                    "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:charge:$LATEST"}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "B", "Parameters": {
            "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:charge:7"}},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true, "Parameters": {
            "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:${Charge}"}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Task(task) = site.state else { continue };
        let Some((fields, function)) = lambda::function(site, task) else { continue };
        let is_open = match function.qualifier {
            None => !function.name.ends_with('}'),
            Some(qualifier) => qualifier == "$LATEST",
        };
        if is_open {
            let place = fields.iter().fold(site.pointer(), |pointer, field| pointer.join(field));
            let message = "this names whatever code the function has at the time";
            let help = "name a version or an alias";
            found.push(Diagnostic::advice(CODE, place, message).with_help(help));
        }
    }
}
