//! `empty-list`: a State Machine without States, a State without Branches, a rule without Error Names.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("empty-list");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "An empty `States`, `Branches`, `Choices` or `ErrorEquals`.",
    why: "The service refuses the definition: there is nothing to start, run, choose or match.",
    instead: "Add an element, or remove the State, Retrier or Catcher.",
    invalid: &[
        Example::new("/States", r#"{"StartAt": "A", "States": {}}"#),
        Example::new(
            "/States/A/Branches",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [], "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Choices",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [], "Default": "B"},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/Retry/0/ErrorEquals",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "Retry": [{"ErrorEquals": []}]}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Retry": []}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for scope in survey.scopes.iter().filter(|scope| scope.machine.states.is_empty()) {
        let message = "this State Machine has no State";
        found.push(Diagnostic::error(CODE, scope.pointer.join("States"), message).with_help("add a State"));
    }
    for site in &survey.sites {
        check_site(site, found);
    }
}

fn check_site(site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let mut report = |place, what: &str, help: &str| {
        found.push(Diagnostic::error(CODE, place, format!("`{what}` is empty")).with_help(help));
    };
    match site.state {
        State::Parallel(parallel) if parallel.branches.is_empty() => {
            report(site.field("Branches"), "Branches", "add a Branch, or remove the State");
        }
        State::Choice(choice) if choice.choices.is_empty() => {
            report(site.field("Choices"), "Choices", "add a Choice Rule, or remove the State");
        }
        _ => {}
    }
    let retry = site.state.retry().iter().map(|retrier| &retrier.error_equals);
    let catch = site.state.catch().iter().map(|catcher| &catcher.error_equals);
    let retry = retry.enumerate().map(|(index, names)| ("Retry", index, names));
    for (field, index, names) in retry.chain(catch.enumerate().map(|(index, names)| ("Catch", index, names)))
    {
        if names.is_empty() {
            let place = site.pointer().join(field).join(index).join("ErrorEquals").into();
            report(place, "ErrorEquals", "name the errors it is for, or `States.ALL`");
        }
    }
}
