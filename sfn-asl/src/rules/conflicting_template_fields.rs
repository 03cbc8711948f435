//! `conflicting-template-fields`: a Payload Template sets one field twice, once as it stands and once from a Path.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, path_faults};
use crate::{Code, Diagnostic, Place, Pointer, Severity};

const CODE: Code = Code::new("conflicting-template-fields");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Payload Template (JSONPath) with both `x` and `x.$`.",
    why: "The service refuses the definition: both set the field `x`.",
    instead: "Keep one of them.",
    invalid: &[Example::new(
        "/States/A/Parameters/x/0/y.$",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "Parameters": {"x": [{"y": 1, "y.$": "$.y"}]}}}}"#,
    )],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x": 1, "y.$": "$.y"}, "Result": {"x": 1, "x.$": 2}}}}"#],
    check: Check::Machine(|survey, found| path_faults::push(CODE, survey, found)),
};

/// The fault of two fields that set the same one.
pub(super) fn fault(object: &Pointer, plain: &str, name: &str) -> Diagnostic {
    let message = format!("found both `{plain}` and `{name}`, which set the same field");
    Diagnostic::error(CODE, Place::Name(object.join(name)), message).with_help("keep one of them")
}
