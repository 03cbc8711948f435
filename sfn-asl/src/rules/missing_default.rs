//! `missing-default`: a Choice State that fails when no Choice Rule holds.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, RuleTest, Severity, State, Value};

const CODE: Code = Code::new("missing-default");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "A Choice State without `Default`.",
    why: "When no Choice Rule holds the Execution fails with `States.NoChoiceMatched`, which a Choice State cannot catch.",
    instead: "Add a `Default`, if only to a Fail State that says what was not expected.",
    invalid: &[Example::new(
        "/States/Which",
        r#"{"StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "Done"}]},
            "Done": {"Type": "Succeed"}}}"#,
    )],
    valid: &[
        r#"{"StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Default": "Done", "Choices": [
                {"Variable": "$.x", "IsPresent": true, "Next": "Done"}]},
            "Done": {"Type": "Succeed"}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Choices": [{"Condition": true, "Next": "Done"}]},
            "Done": {"Type": "Succeed"}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Choice(choice) = site.state else { continue };
        let always = |test: &RuleTest| matches!(test, RuleTest::Condition(Value::Bool(true)));
        let is_whole = choice.choices.last().is_none_or(|rule| always(&rule.test));
        if choice.default.is_none() && !is_whole {
            let message =
                format!("the Choice State `{}` fails when none of its Choice Rules holds", site.name);
            found.push(Diagnostic::advice(CODE, site.place(), message).with_help("add a `Default`"));
        }
    }
}
