//! `unknown-error-name`: an Error Name of the service's that the service does not have.
//! Separate because every rule has a file of its own.

use super::error_names::{RESERVED, lists};
use super::{Check, Example, Rule};
use crate::nearest::nearest;
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Pointer, Severity};

const CODE: Code = Code::new("unknown-error-name");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A name in `ErrorEquals` that begins with `States.` and is none of the service's Error Names.",
    why: "Names that begin with `States.` belong to the service, and it raises no such error: the Retrier or Catcher \
          never matches.",
    instead: "Correct the name; case counts. Give errors of your own another prefix.",
    invalid: &[
        Example::new(
            "/States/A/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "Retry": [{"ErrorEquals": ["States.Al"]}]}}}"#,
        ),
        Example::new(
            "/States/A/Catch/0/ErrorEquals/1",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke",
                      "Catch": [{"ErrorEquals": ["Busy", "States.taskFailed"], "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::http:invoke", "Retry": [
            {"ErrorEquals": ["States.Http.StatusCode.429", "States.Http.Socket", "StatesFailed"]}]}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (_, site) in survey.handling() {
        for (list, index, names) in lists(site) {
            for (at, name) in names.iter().enumerate().filter(|(_, name)| is_unknown(name)) {
                let pointer = site.pointer().join(list).join(index).join("ErrorEquals").join(at);
                found.push(unknown(name, pointer));
            }
        }
    }
}

fn is_unknown(name: &str) -> bool {
    name.starts_with("States.") && !RESERVED.contains(&name) && !name.starts_with("States.Http.StatusCode.")
}

fn unknown(name: &str, pointer: Pointer) -> Diagnostic {
    let message = format!("the service raises no error `{name}`");
    let report = Diagnostic::warning(CODE, pointer.clone(), message);
    match nearest(name, RESERVED) {
        Some(near) if near.eq_ignore_ascii_case(name) => report
            .with_help(format!("write `{near}`: case counts"))
            .with_fix(Edit::Replace { pointer, value: near.into() }),
        Some(near) => report.with_help(format!("did you mean `{near}`?")),
        None => report.with_help("correct the name; an error of your own takes another prefix"),
    }
}
