//! `definition-too-large`: more text than the service takes.
//! Separate because every rule has a file of its own.

use std::collections::BTreeMap;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, ExecutionType, Options, Pointer, Severity};

const CODE: Code = Code::new("definition-too-large");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A definition of more than 1 MiB, even when written without any blanks.",
    why: "The service refuses the definition.",
    instead: "Move parts into State Machines of their own and start them as nested Executions.",
    invalid: &[Example {
        definition: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "as large as a definition"}}}"#,
        options: Options {
            kind: ExecutionType::Standard,
            max_definition_bytes: 80,
            max_payload_bytes: 80,
            levels: BTreeMap::new(),
        },
        pointer: "",
    }],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "small"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    let (size, limit) = (survey.size, survey.options.max_definition_bytes);
    if size > limit {
        let message = format!("the definition takes {size} bytes, at most {limit} are allowed");
        let help = "move parts into State Machines of their own";
        found.push(Diagnostic::error(CODE, Pointer::root(), message).with_help(help));
    }
}
