//! `missing-argument`: a Task does not hand its action what it needs.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

pub(crate) const CODE: Code = Code::new("missing-argument");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A required argument, or a required field inside one, that is not there.",
    why: "The Task fails before anything is called, or the called service refuses the call.",
    instead: "Add it.",
    invalid: &[
        Example::new(
            "/States/Get/Parameters",
            r#"{"StartAt": "Get", "States": {"Get": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "orders"}}}}"#,
        ),
        Example::new(
            "/States/Send/Arguments",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Send", "States": {"Send": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::sqs:sendMessage", "Arguments": {"MessageBody": {"a": 1}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "Get", "States": {"Get": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName.$": "$.table", "Key.$": "$.key"}}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Get", "States": {"Get": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::dynamodb:getItem", "Arguments": "{% $states.input.request %}"}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(survey.argument_faults().iter().filter(|fault| fault.code == CODE).cloned());
}
