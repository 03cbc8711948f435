//! `unknown-function`: a call of a function that does not exist.
//! Separate because every rule has a file of its own.

use sfn_jsonata::{Expression, ReferenceKind};

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("unknown-function");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A call of a function that neither JSONata nor Step Functions has and the expression does not define.",
    why: "The call fails whenever it is reached. A Variable cannot hold a function.",
    instead: "Correct the name, or define the function within the expression: `($f := function($x) { $x }; $f(1))`.",
    invalid: &[Example::new(
        "/States/A/Output",
        r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Output": "{% $upperCase('a') %}", "End": true}}}"#,
    )],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% ($f := function($x) { $uppercase($x) }; $f($uuid())) %}", "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (expression, reference) in survey.references() {
        let name = &*reference.name;
        // `$eval` is another rule's.
        if reference.kind == ReferenceKind::Function && !Expression::is_builtin(name) && name != "eval" {
            let message = format!("there is no function `${name}`");
            let help = "correct the name; case counts";
            found.push(Diagnostic::error(CODE, expression.place(&reference.span), message).with_help(help));
        }
    }
}
