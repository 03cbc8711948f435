//! `invalid-argument`: a Task hands its action a literal of another type or outside of its values.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

pub(crate) const CODE: Code = Code::new("invalid-argument");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A literal argument of another type than the action takes (an error), or outside of the values or limits that its API model declares (a warning).",
    why: "The Task fails, or the called service refuses the call.",
    instead: "Write a value of the right type; in a DynamoDB item even a number is a string: `{\"N\": \"5\"}`.",
    invalid: &[
        Example::new(
            "/States/Put/Parameters/Item/count/N",
            r#"{"StartAt": "Put", "States": {"Put": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::dynamodb:putItem",
                "Parameters": {"TableName": "orders", "Item": {"count": {"N": 5}}}}}}"#,
        ),
        Example::new(
            "/States/Run/Arguments/InvocationType",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "f", "InvocationType": "Events"}}}}"#,
        ),
        Example::new(
            "/States/Get/Parameters/MaxNumberOfMessages",
            r#"{"StartAt": "Get", "States": {"Get": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::aws-sdk:sqs:receiveMessage",
                "Parameters": {"QueueUrl": "q", "MaxNumberOfMessages": "10"}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "f", "InvocationType": "${Type}", "Payload": {"any": [1, null]}}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(survey.argument_faults().iter().filter(|fault| fault.code == CODE).cloned());
}
