//! `invalid-json`: the text is no JSON.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("invalid-json");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A text that is no JSON, or nests deeper than 200 levels.",
    why: "Nothing can be said about a definition that cannot be read.",
    instead: "Correct the text at the place shown; strings take double quotes, the last element takes no comma.",
    invalid: &[
        Example::new("/States/A", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed",}}}"#),
        Example::new("", r#"{"StartAt": "A""#),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#],
    check: Check::Reading,
};
