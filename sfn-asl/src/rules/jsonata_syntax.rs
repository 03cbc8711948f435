//! `jsonata-syntax`: an expression that cannot be read.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, refused_jsonata};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("jsonata-syntax");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A JSONata expression that cannot be read.",
    why: "The service refuses the definition.",
    instead: "Correct the expression at the place shown.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $sum($states.input.prices %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% %}", "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $sum($states.input.prices) %}", "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, expression) in survey.expressions() {
        let Err(error) = &expression.meaning.expression else { continue };
        if !refused_jsonata::is_refused_operator(expression.source, error) {
            let message = format!("the JSONata expression cannot be read: {}", error.message);
            let fault = Diagnostic::error(CODE, site.place_in(expression, &error.span), message);
            found.push(fault.with_help("correct the expression at the place shown"));
        }
    }
}
