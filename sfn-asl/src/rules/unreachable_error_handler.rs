//! `unreachable-error-handler`: a Retrier or Catcher for errors that an earlier one takes.
//! Separate because every rule has a file of its own.

use super::error_names::{Taken, lists};
use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("unreachable-error-handler");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A Retrier or Catcher, or one of its Error Names, that an earlier element of the list takes already.",
    why: "The first that matches counts, also when its attempts are used up. In a Task State `States.TaskFailed` matches \
          every error of the work, and `States.Timeout` missed heartbeats too.",
    instead: "Put the narrower one first, or remove it.",
    invalid: &[
        Example::new(
            "/States/A/Retry/1",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "Retry": [
                    {"ErrorEquals": ["States.TaskFailed"]},
                    {"ErrorEquals": ["Busy"], "MaxAttempts": 9}]}}}"#,
        ),
        Example::new(
            "/States/A/Catch/1/ErrorEquals/1",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Parallel", "End": true, "Branches": [
                          {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
                      "Catch": [{"ErrorEquals": ["Busy"], "Next": "C"},
                                {"ErrorEquals": ["Full", "Busy"], "Next": "C"}]},
                "C": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/Retry/0/ErrorEquals/1",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "Retry": [{"ErrorEquals": ["Busy", "Busy"]}]}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 9,
              "Retry": [{"ErrorEquals": ["Busy"]}, {"ErrorEquals": ["States.TaskFailed"]},
                        {"ErrorEquals": ["States.Timeout"]}],
              "Catch": [{"ErrorEquals": ["Busy"], "Next": "B"}, {"ErrorEquals": ["States.ALL"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    // A name that is alone comes after no other.
    let has_several = |site: &Site<'_>| lists(site).any(|(_, index, names)| index > 0 || names.len() > 1);
    for (_, site) in survey.handling().filter(|(_, site)| has_several(site)) {
        check_site(site, found);
    }
}

fn check_site(site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    let mut taken = Taken::default();
    for (list, index, names) in lists(site) {
        if index == 0 {
            taken = Taken::default();
        }
        let earlier = |name: &String| match taken.covering(name) {
            // What a Branch or an iteration throws is for its own Tasks to call failed.
            Some("States.TaskFailed") if !matches!(site.state, State::Task(_)) => None,
            // An early `States.ALL` is one fault, which another rule names.
            Some("States.ALL") => None,
            earlier => earlier,
        };
        let place = || site.pointer().join(list).join(index);
        let covered: Vec<_> = names.iter().map(earlier).collect();
        if let [Some(_), ..] = covered[..]
            && covered.iter().all(Option::is_some)
        {
            let message = format!("an earlier element of `{list}` takes all that this one is for");
            let help = "put it before the other one, or remove it";
            found.push(Diagnostic::warning(CODE, place(), message).with_help(help));
        } else {
            let twice = |at: usize| names[..at].contains(&names[at]).then_some("this element");
            for (at, name) in names.iter().enumerate() {
                if let Some(earlier) = covered[at].or_else(|| twice(at)) {
                    let message = format!("`{name}` never comes here: `{earlier}` takes it before");
                    let place = place().join("ErrorEquals").join(at);
                    found.push(Diagnostic::warning(CODE, place, message).with_help("remove it"));
                }
            }
        }
        taken.add(names);
    }
}
