//! `intrinsic-arguments`: an Intrinsic Function is called with arguments it never takes.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, path_faults};
use crate::{Code, Severity};

pub(super) const CODE: Code = Code::new("intrinsic-arguments");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "The call of an Intrinsic Function (JSONPath) with too few or too many arguments, or with an argument of a \
           kind the function never takes.",
    why: "The service accepts the definition, and every execution that comes to the call fails with `States.Runtime`.",
    instead: "Pass what the function takes.",
    invalid: &[
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.ArrayRange(1, 5)"}}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.Format('{} of {}', $.total)"}}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.MathAdd($.count, '1')"}}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.ArrayLength(States.JsonToString($))"}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {
        "x.$": "States.MathRandom(1, $.end)", "y.$": "States.Array()", "z.$": "States.Hash($, 'MD5')"}}}}"#],
    check: Check::Machine(|survey, found| path_faults::push(CODE, survey, found)),
};
