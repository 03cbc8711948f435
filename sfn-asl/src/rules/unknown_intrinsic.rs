//! `unknown-intrinsic`: the call of an Intrinsic Function that does not exist.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, path_faults};
use crate::{Code, Severity};

pub(super) const CODE: Code = Code::new("unknown-intrinsic");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "The call of an Intrinsic Function (JSONPath) that does not exist.",
    why: "The service refuses the definition.",
    instead: "Call one of the 18 functions there are; their names are spelled with capitals.",
    invalid: &[
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.format('{}', $.name)"}}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.Array(States.Now())"}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {
        "x.$": "States.Array(States.UUID())"}}}}"#],
    check: Check::Machine(|survey, found| path_faults::push(CODE, survey, found)),
};
