//! `wildcard-placement`: `States.ALL` beside other Error Names, or before other Retriers or Catchers.
//! Separate because every rule has a file of its own.

use super::error_names::lists;
use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Severity, Value};

const CODE: Code = Code::new("wildcard-placement");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "`States.ALL` together with other Error Names, or in a Retrier or Catcher that is not the last.",
    why: "The service refuses the definition: it matches everything, so nothing beside or behind it would count.",
    instead: "Let `States.ALL` stand alone, in the last Retrier or Catcher.",
    invalid: &[
        Example::new(
            "/States/A/Retry/0/ErrorEquals",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["States.ALL", "Busy"]}]}}}"#,
        ),
        Example::new(
            "/States/A/Catch/0",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke",
                      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"},
                                {"ErrorEquals": ["Busy"], "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke",
        "Retry": [{"ErrorEquals": ["Busy", "States.Timeout"]}, {"ErrorEquals": ["States.ALL"]}]}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (_, site) in survey.handling() {
        for (field, index, names) in lists(site) {
            let count = if field == "Retry" { site.state.retry().len() } else { site.state.catch().len() };
            let (is_alone, is_last) = (names.len() == 1, index + 1 == count);
            if (is_alone && is_last) || !names.iter().any(|name| name == "States.ALL") {
                continue;
            }
            let pointer = site.pointer().join(field).join(index);
            if !is_alone {
                let message = "`States.ALL` stands beside other Error Names, expected it alone";
                let help = "remove the other names: it matches them";
                let names = pointer.join("ErrorEquals");
                let edit = Edit::Replace {
                    pointer: names.clone(),
                    value: [Value::from("States.ALL")].into_iter().collect(),
                };
                found.push(Diagnostic::error(CODE, names, message).with_help(help).with_fix(edit));
            }
            if !is_last {
                let message =
                    format!("`States.ALL` stands before other elements of `{field}`, expected it last");
                let edit = Edit::MoveToEnd { pointer: pointer.clone() };
                let report = Diagnostic::error(CODE, pointer, message);
                found.push(report.with_help("move it to the end").with_fix(edit));
            }
        }
    }
}
