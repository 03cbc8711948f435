//! `missing-field`: something required is not there.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("missing-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A required field that is missing, such as `Resource` of a Task State, or `Next` and `End` both.",
    why: "The service refuses the definition.",
    instead: "Add the field that the message names.",
    invalid: &[
        Example::new("", r#"{"States": {"A": {"Type": "Succeed"}}}"#),
        Example::new("/States/A", r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true}}}"#),
        Example::new("/States/A", r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": false}}}"#),
        Example::new("/States/A", r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "End": true}}}"#),
        Example::new("/States/A", r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true}}}"#),
        Example::new(
            "/States/A/Choices/0",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [{"Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "End": true}}}"#],
    check: Check::Reading,
};
