//! `wrong-arguments`: a call of a JSONata function that no arguments of that number or kind fit.
//! Separate because every rule has a file of its own.

use sfn_jsonata::FindingKind;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("wrong-arguments");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A call of a JSONata function with too few or too many arguments, or with one of a kind it does not take.",
    why: "The call fails whenever it is reached, and the State with it (`States.QueryEvaluationError`).",
    instead: "Call the function as its signature says; `$string` and `$number` convert.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $join() %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output/x",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": {"x": "{% $uppercase('a', 'b') %}"}, "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Assign/x",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Assign": {"x": "{% $states.input.name ~> $substring('1') %}"}, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "End": true, "Output": [
            "{% $join(['a', 'b']) & $join(['a'], ',') & $substring('abc', 1) %}",
            "{% $states.input.names.$uppercase() %}",
            "{% ($join := function() { 1 }; $join()) %}"]}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, expression, finding) in survey.findings() {
        let (message, help) = match &finding.kind {
            FindingKind::Arity { function, found, least, most } => (
                format!("`${function}` takes {}, found {found}", counted(*least, *most)),
                format!("call `${function}` with {}", counted(*least, *most)),
            ),
            FindingKind::Argument { function, number, found, expected } => (
                format!("argument {number} of `${function}` is {found}, expected {expected}"),
                format!("hand over {expected}"),
            ),
            FindingKind::Operand { .. } | FindingKind::NeverEqual { .. } => continue,
        };
        let place = site.place_in(expression, &finding.span);
        found.push(Diagnostic::error(CODE, place, message).with_help(help));
    }
}

fn counted(least: usize, most: usize) -> String {
    let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
    match (least, most) {
        (0, 0) => "no arguments".to_owned(),
        (least, most) if least == most => format!("{least} {}", plural(least)),
        (least, usize::MAX) => format!("at least {least} {}", plural(least)),
        (0, most) => format!("at most {most} {}", plural(most)),
        (least, most) => format!("{least} to {most} arguments"),
    }
}
