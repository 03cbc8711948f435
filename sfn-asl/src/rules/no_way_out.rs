//! `no-way-out`: States from which no end can be reached.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("no-way-out");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A State Machine without an end, or a State that can only go round and round.",
    why: "An Execution that comes there ends only by an error: its time or its history of 25,000 events runs out. A \
          State Machine without any reachable end is refused by the service; a loop without a way out is a warning.",
    instead: "Give one State of the loop `\"End\": true`, or a way to a Succeed or Fail State.",
    invalid: &[
        Example::new(
            "/States",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Next": "B"},
                "B": {"Type": "Wait", "Seconds": 1, "Next": "A"}}}"#,
        ),
        Example::new(
            "/States/B",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Default": "B", "Choices": [
                    {"Variable": "$.x", "IsPresent": true, "Next": "Done"}]},
                "B": {"Type": "Wait", "Seconds": 1, "Next": "B"},
                "Done": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Wait", "Seconds": 1, "Next": "B"},
        "B": {"Type": "Choice", "Default": "A", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "C"}]},
        "C": {"Type": "Fail"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (index, (scope, sites)) in survey.sites_by_scope().enumerate() {
        let ends = survey.ways[index].can_end();
        let reachable = || sites.iter().zip(&ends).filter(|(site, _)| site.reachable);
        let Some((first, _)) = reachable().find(|(_, ends)| !**ends) else { continue };
        // A way to a State that does not exist is a fault of its own and may well be the way out.
        if reachable().any(|(site, _)| survey.ways_from(site).any(|(_, target)| target.is_none())) {
            continue;
        }
        let help = "add `\"End\": true`, or a way to a Succeed or Fail State";
        if reachable().any(|(_, ends)| *ends) {
            let message = format!("from the State `{}` no end can be reached", first.name);
            found.push(Diagnostic::warning(CODE, first.place(), message).with_help(help));
        } else {
            let message = "no State of this State Machine ends it";
            found.push(Diagnostic::error(CODE, scope.pointer.join("States"), message).with_help(help));
        }
    }
}
