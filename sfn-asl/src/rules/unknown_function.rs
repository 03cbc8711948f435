//! `unknown-function`: a call of a function that does not exist.
//! Separate because every rule has a file of its own.

use sfn_jsonata::{Expression, Reference, ReferenceKind};

use super::{Check, Example, Rule};
use crate::nearest::nearest;
use crate::survey::{Parsed, Site, Survey};
use crate::{Code, Diagnostic, Edit, Severity};

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
    for (site, expression, reference) in survey.references() {
        let name = &*reference.name;
        // `$eval` is another rule's.
        if reference.kind == ReferenceKind::Function && !Expression::is_builtin(name) && name != "eval" {
            found.push(unknown(site, expression, reference));
        }
    }
}

fn unknown(site: &Site<'_>, expression: &Parsed<'_>, reference: &Reference) -> Diagnostic {
    let name = &*reference.name;
    let place = site.place_in(expression, &reference.span);
    let report = Diagnostic::error(CODE, place, format!("there is no function `${name}`"));
    match nearest(name, Expression::builtins()) {
        Some(near) if near.eq_ignore_ascii_case(name) => {
            let pointer = site.pointer_of(&expression.string);
            let value = expression.replaced(&reference.span, &format!("${near}")).into();
            report
                .with_help(format!("write `${near}`: case counts"))
                .with_fix(Edit::Replace { pointer, value })
        }
        Some(near) => report.with_help(format!("did you mean `${near}`?")),
        None => {
            report.with_help("use a function of JSONata 2.0.6, or one that the expression defines itself")
        }
    }
}
