//! `refused-jsonata`: what other versions of JSONata have and the service has not.
//! Separate because every rule has a file of its own.

use sfn_jsonata::{ParseError, ReferenceKind};

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("refused-jsonata");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "The function `$eval`, or an operator of a later JSONata than 2.0.6: `??` and `?:`.",
    why: "The service refuses the definition.",
    instead: "Write `$exists(x) ? x : y` for `x ?? y`, `x ? x : y` for `x ?: y`, and `$parse` for JSON in a string.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $states.input.x ?? 1 %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $eval('1') %}", "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $exists($states.input.x) ? $parse('[1]') : '??' %}", "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        for expression in &site.expressions {
            if let Err(error) = &expression.meaning.expression
                && is_refused_operator(expression.source, error)
            {
                let place = site.place_in(expression, &error.span);
                let operator = expression.source.get(error.span.clone()).unwrap_or_default();
                let message =
                    format!("Step Functions speaks JSONata 2.0.6, which has no operator `{operator}`");
                let help = if operator == "??" { "write `$exists(x) ? x : y`" } else { "write `x ? x : y`" };
                found.push(Diagnostic::error(CODE, place, message).with_help(help));
            }
        }
        for (expression, reference) in site.references() {
            if reference.kind == ReferenceKind::Function && &*reference.name == "eval" {
                let message = "Step Functions has no function `$eval`";
                let help = "use `$parse` to read JSON from a string";
                found.push(
                    Diagnostic::error(CODE, site.place_in(expression, &reference.span), message)
                        .with_help(help),
                );
            }
        }
    }
}

/// Whether an expression cannot be read because of an operator that only later versions have.
pub(super) fn is_refused_operator(source: &str, error: &ParseError) -> bool {
    matches!(source.get(error.span.clone()), Some("??" | "?:"))
}
