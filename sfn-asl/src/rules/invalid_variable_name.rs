//! `invalid-variable-name`: an `Assign` sets something that is no Variable.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Place, Severity};

const CODE: Code = Code::new("invalid-variable-name");

/// How many characters a Variable's name may have.
const MAX_CHARACTERS: usize = 80;

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A name in `Assign` that is no identifier, is `states`, or has more than 80 characters.",
    why: "The service refuses the definition. A Variable is set as a whole; `a.b` is no way to set a part.",
    instead: "Use letters, digits and `_`, beginning with a letter; to change a part, assign the whole anew.",
    invalid: &[
        Example::new(
            "/States/A/Assign/a.b",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Assign": {"a.b": 1}, "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Assign/states",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Assign": {"states": 1}, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"größe2.$": "$.x", "order_id": 1}, "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, assignment) in survey.assignments() {
        let name = assignment.name;
        let (message, help) = if name == "states" {
            ("`$states` belongs to the service", "give the Variable another name")
        } else if !is_identifier(name) {
            (
                "the name of a Variable must be an identifier",
                "use letters, digits and `_`, beginning with a letter",
            )
        } else if name.chars().count() > MAX_CHARACTERS {
            ("the name of a Variable has at most 80 characters", "shorten it")
        } else {
            continue;
        };
        found.push(
            Diagnostic::error(
                CODE,
                Place::Name(assignment.pointer(site)),
                format!("found `{name}`: {message}"),
            )
            .with_help(help),
        );
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    let is_start = |character: char| character.is_alphabetic() || character == '_';
    characters.next().is_some_and(is_start)
        && characters.all(|character| is_start(character) || character.is_alphanumeric())
}
