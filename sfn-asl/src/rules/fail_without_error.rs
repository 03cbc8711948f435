//! `fail-without-error`: a Fail State that does not say what has failed.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("fail-without-error");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "A Fail State without `Error`.",
    why: "The Execution fails without an Error Name: a caller, a Catcher further out or an alarm can only guess.",
    instead: "Give it an `Error` that can be matched, and a `Cause` for a person.",
    invalid: &[Example::new("/States/A", r#"{"StartAt": "A", "States": {"A": {"Type": "Fail"}}}"#)],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "OutOfStock"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        if let State::Fail(fail) = site.state
            && fail.error.is_none()
        {
            let message = format!("the Fail State `{}` names no error", site.name);
            found.push(Diagnostic::advice(CODE, site.place(), message).with_help("add `Error`"));
        }
    }
}
