//! `invalid-yaml`: the text is no YAML.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("invalid-yaml");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A text that is no YAML, holds several documents, nests deeper than 200 levels, or swells by its aliases.",
    why: "Nothing can be said about a definition that cannot be read.",
    instead: "Correct the text at the place shown; indent with blanks, and quote what begins with `{%`, `*`, `&` or `!`.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            "StartAt: A\nStates:\n  A:\n    Type: Succeed\n    Output: {% 1 %}\n",
        ),
        Example::new("/States", "StartAt: A\nStates:\n\tA: {Type: Succeed}\n"),
    ],
    valid: &["QueryLanguage: JSONata\nStartAt: A\nStates:\n  A:\n    Type: Succeed\n    Output: '{% 1 %}'\n"],
    check: Check::Reading,
};
