//! `pointless-retry`: the last Retrier says that nothing is tried again.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Severity};

const CODE: Code = Code::new("pointless-retry");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "A last Retrier with `\"MaxAttempts\": 0`.",
    why: "What no Retrier is for is not tried again anyway. Zero attempts make sense before a broader Retrier, to take \
          errors out of it.",
    instead: "Remove the Retrier, or put it before the one it is an exception of.",
    invalid: &[Example::new(
        "/States/A/Retry/0/MaxAttempts",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke",
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}]}}}"#,
    )],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke",
        "Retry": [{"ErrorEquals": ["Full"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (_, site) in survey.handling() {
        let retry = site.state.retry();
        if retry.last().is_some_and(|retrier| retrier.max_attempts == Some(0)) {
            let message = "nothing is tried again here, as without this Retrier";
            let pointer = site.pointer().join("Retry").join(retry.len() - 1);
            let report = Diagnostic::advice(CODE, pointer.join("MaxAttempts"), message);
            found.push(report.with_help("remove the Retrier").with_fix(Edit::Remove { pointer }));
        }
    }
}
