//! `duplicate-field`: one object has a field twice.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("duplicate-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A JSON object in which the same field stands twice; two States of one name are the usual case.",
    why: "JSON does not say which of them counts, and readers differ.",
    instead: "Keep one of them, or rename one.",
    invalid: &[Example::new(
        "/States/A",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Fail"}}}"#,
    )],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}"#],
    check: Check::Reading,
};
