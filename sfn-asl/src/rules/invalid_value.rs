//! `invalid-value`: a word that the language does not have at that place.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("invalid-value");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A word the language does not have at its place: a State type, a Query Language, a `Mode`, a \
           `JitterStrategy`.",
    why: "The service refuses the definition.",
    instead: "Write one of the words that the message lists; case counts.",
    invalid: &[
        Example::new("/States/A/Type", r#"{"StartAt": "A", "States": {"A": {"Type": "task", "End": true}}}"#),
        Example::new(
            "/QueryLanguage",
            r#"{"QueryLanguage": "Jsonata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#],
    check: Check::Reading,
};
