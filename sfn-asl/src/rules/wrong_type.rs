//! `wrong-type`: a field holds another type of JSON value than it must.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("wrong-type");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A field whose JSON value is of another type than the language asks for.",
    why: "The service refuses the definition.",
    instead: "Write the type that the message names.",
    invalid: &[
        Example::new(
            "/States/A/End",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": "true"}}}"#,
        ),
        Example::new(
            "/States/A/Catch/0/ErrorEquals/0",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                      "Catch": [{"ErrorEquals": [true], "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/Branches/0",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [[]]}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/NumericEquals",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "NumericEquals": "1", "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1.0, "End": true}}}"#],
    check: Check::Reading,
};
