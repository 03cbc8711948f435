//! `invalid-intrinsic`: the call of an Intrinsic Function that cannot be read.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, path_faults};
use crate::{Code, Severity};

pub(super) const CODE: Code = Code::new("invalid-intrinsic");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "The call of an Intrinsic Function (JSONPath) that cannot be read: a text that is not closed, a `\\` that \
           escapes nothing, something other than a value as argument, calls nested more than 10 deep.",
    why: "The service refuses the definition.",
    instead: "Put texts in single quotes, write `\\'`, `\\{`, `\\}` and `\\\\` for these characters in them (a double \
              quote needs no `\\`), and separate arguments by commas.",
    invalid: &[
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.Format('{}, $.name)"}}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/x.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x.$": "States.StringToJson('{\\\"a\\\": 1}')"}}}}"#,
        ),
        Example::new(
            "/States/A/CausePath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E", "CausePath": "States.Format($.a[x])"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {
        "x.$": "States.Format('\\{{}\\} it\\'s \"{}\"', States.JsonToString($.a), $.b['c, d'])"}}}}"#],
    check: Check::Machine(|survey, found| path_faults::push(CODE, survey, found)),
};
