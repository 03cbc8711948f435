//! `unreachable-state`: a State that no way leads to.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("unreachable-state");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A State that cannot be reached from the `StartAt` of its State Machine.",
    why: "The service refuses the definition; most often a `Next` names another State than was meant.",
    instead: "Lead a `Next`, `Default`, Choice Rule or Catcher to it, or remove it.",
    invalid: &[
        Example::new(
            "/States/Lost",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "Lost": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Lost",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Succeed"},
                "Lost": {"Type": "Pass", "Next": "A"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
              "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let machine = survey.scope_of(site).machine;
        // Without its first State nothing is reachable; that is one fault, not many.
        let has_start = machine.states.contains_key(&machine.start_at);
        if has_start && !site.reachable {
            let message = format!("no way leads to the State `{}`", site.name);
            found.push(
                Diagnostic::error(CODE, site.place(), message).with_help("lead a way to it, or remove it"),
            );
        }
    }
}
