//! `hidden-builtin`: a Variable takes the name of a function.
//! Separate because every rule has a file of its own.

use sfn_jsonata::Expression;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Place, QueryLanguage, Severity};

const CODE: Code = Code::new("hidden-builtin");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A Variable with the name of a JSONata function.",
    why: "Wherever the Variable is set, the function is gone: with a Variable `sum`, `$sum(...)` fails.",
    instead: "Give the Variable another name.",
    invalid: &[Example::new(
        "/States/A/Assign/sum",
        r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Assign": {"sum": 1}, "End": true}}}"#,
    )],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"total": 1}, "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, assignment) in survey.assignments() {
        let name = assignment.name;
        if site.language == QueryLanguage::Jsonata && Expression::is_builtin(name) {
            let message = format!("the Variable `${name}` hides the function `${name}`");
            found.push(
                Diagnostic::warning(CODE, Place::Name(assignment.pointer(site)), message)
                    .with_help("give the Variable another name"),
            );
        }
    }
}
