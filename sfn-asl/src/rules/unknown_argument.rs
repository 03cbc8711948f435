//! `unknown-argument`: a Task hands its action something it does not take.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

pub(crate) const CODE: Code = Code::new("unknown-argument");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "An argument, or a field inside one, that the action of the Task does not have.",
    why: "The Task fails before anything is called. Names begin with a capital letter and have at most one in a row before the next word, as in the AWS SDK for Java: `DbInstanceIdentifier`, `SsekmsKeyId`.",
    instead: "Spell it as Step Functions does, or remove it.",
    invalid: &[
        Example::new(
            "/States/Put/Parameters/SSEKMSKeyId",
            r#"{"StartAt": "Put", "States": {"Put": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
                "Parameters": {"Bucket": "b", "Key": "k", "SSEKMSKeyId": "id"}}}}"#,
        ),
        Example::new(
            "/States/Ask/Parameters/TaskToken.$",
            r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "TimeoutSeconds": 9, "End": true,
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters": {"FunctionName": "ask", "TaskToken.$": "$$.Task.Token"}}}}"#,
        ),
        Example::new(
            "/States/Run/Arguments/Overrides/ContainerOverride",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::ecs:runTask",
                "Arguments": {"TaskDefinition": "t", "Overrides": {"ContainerOverride": []}}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "Get", "States": {"Get": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": "orders", "Key": {"anything": {"S.$": "$.id"}}}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(survey.argument_faults().iter().filter(|fault| fault.code == CODE).cloned());
}
