//! `conflicting-fields`: two fields of which only one may stand.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("conflicting-fields");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "Two fields that exclude each other: `Next` and `End`, `Seconds` and `Timestamp`, a field and its \
           `...Path` twin, two tests in one Choice Rule.",
    why: "The service refuses the definition, since it could not know which one counts.",
    instead: "Keep one of them.",
    invalid: &[
        Example::new(
            "/States/A/End",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Next": "B", "End": true},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Wait", "Seconds": 1, "Timestamp": "2030-01-01T00:00:00Z", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/ErrorPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E", "ErrorPath": "$.error"}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/IsNull",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [
                    {"Variable": "$.x", "IsPresent": true, "IsNull": false, "Next": "B"}], "Default": "B"},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E", "CausePath": "$.cause"}}}"#,
        r#"{"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "B", "End": false},
            "B": {"Type": "Succeed"}}}"#,
    ],
    check: Check::Reading,
};
