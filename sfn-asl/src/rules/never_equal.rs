//! `never-equal`: a comparison of what can never be equal.
//! Separate because every rule has a file of its own.

use sfn_jsonata::FindingKind;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("never-equal");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A JSONata comparison whose sides are of different kinds whatever the input is: a number and a string, a \
           boolean and the text `'true'`, `$type(x)` and a word that is no type.",
    why: "`=` and `in` compare without converting, so the answer is always the same (and `<` fails): the branch behind \
          it is never, or always, taken.",
    instead: "Compare with a literal of the same kind, or convert one side with `$string` or `$number`.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $count($states.input.lines) = '0' %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $type($states.input.x) = 'integer' %}", "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $count($states.input.lines) = 0 and $states.input.x = '0' %}",
              "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, expression, finding) in survey.findings() {
        let FindingKind::NeverEqual { operator, left, right } = &finding.kind else { continue };
        let message = format!("the sides of `{operator}` never are equal: {left} and {right}");
        let help = "compare what is of the same kind, or convert one side";
        let place = site.place_in(expression, &finding.span);
        found.push(Diagnostic::warning(CODE, place, message).with_help(help));
    }
}
