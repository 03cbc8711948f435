//! `empty-list`: a State Machine without States, a State without Branches, a rule without Error Names.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, DataTest, Diagnostic, Place, Pointer, RuleTest, Severity, State};

const CODE: Code = Code::new("empty-list");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "An empty `States`, `Branches`, `Choices`, `ErrorEquals`, `And` or `Or`.",
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
            "/States/A/Choices/0/Not/Or",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [{"Not": {"Or": []}, "Next": "B"}], "Default": "B"},
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
    let mut report = |place: Place, what: &str, help: &str| {
        found.push(Diagnostic::error(CODE, place, format!("`{what}` is empty")).with_help(help));
    };
    match site.state {
        State::Parallel(parallel) if parallel.branches.is_empty() => {
            report(site.field("Branches"), "Branches", "add a Branch, or remove the State");
        }
        State::Choice(choice) if choice.choices.is_empty() => {
            report(site.field("Choices"), "Choices", "add a Choice Rule, or remove the State");
        }
        State::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                if let RuleTest::Data(test) = &rule.test {
                    check_test(test, &|| site.pointer().join("Choices").join(index), &mut report);
                }
            }
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

fn check_test(test: &DataTest, pointer: &dyn Fn() -> Pointer, report: &mut dyn FnMut(Place, &str, &str)) {
    let (field, tests) = match test {
        DataTest::And(tests) => ("And", tests),
        DataTest::Or(tests) => ("Or", tests),
        DataTest::Not(nested) => return check_test(&nested.test, &|| pointer().join("Not"), report),
        DataTest::Comparison(_) => return,
    };
    if tests.is_empty() {
        report(pointer().join(field).into(), field, "add a test, or remove the Choice Rule");
    }
    for (index, nested) in tests.iter().enumerate() {
        check_test(&nested.test, &|| pointer().join(field).join(index), report);
    }
}
