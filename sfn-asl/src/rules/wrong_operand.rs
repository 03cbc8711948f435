//! `wrong-operand`: a JSONata operator is given what it cannot work with.
//! Separate because every rule has a file of its own.

use sfn_jsonata::FindingKind;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("wrong-operand");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "An operand of `+`, `-`, `*`, `/`, `%` or `..` that is no number, or one of `<`, `<=`, `>`, `>=` that is \
           neither a number nor a string.",
    why: "The operation fails whenever it is reached, and the State with it (`States.QueryEvaluationError`).",
    instead: "Join texts with `&`; convert with `$number` or `$string`; combine conditions with `and` and `or`.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% 'order-' + $states.input.id %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/Condition",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Choice", "Default": "B", "Choices": [
                    {"Condition": "{% $exists($states.input.x) > 0 %}", "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% 'order-' & ($states.input.id + 1) & (1 < 2) %}", "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, expression, finding) in survey.findings() {
        let FindingKind::Operand { operator, found: operand, expected } = &finding.kind else { continue };
        let message = format!("an operand of `{operator}` is {operand}, expected {expected}");
        let help = match (*operator, operand.as_str()) {
            ("+", "a string") => "join texts with `&`".to_owned(),
            _ => format!("convert it to {expected}"),
        };
        let place = site.place_in(expression, &finding.span);
        found.push(Diagnostic::error(CODE, place, message).with_help(help));
    }
}
