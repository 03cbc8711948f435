//! `duplicate-choice-rule`: a Choice Rule that an earlier one leaves nothing to.
//! Separate because every rule has a file of its own.

use std::collections::HashMap;

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Choice, ChoiceRule, Code, DataTest, Diagnostic, RuleTest, Severity, State, Value};

const CODE: Code = Code::new("duplicate-choice-rule");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A Choice Rule with the test of an earlier one, or behind one that always holds.",
    why: "The first Choice Rule that holds is taken, so this one never is; most often it was copied and not changed.",
    instead: "Correct its test, or remove it.",
    invalid: &[
        Example::new(
            "/States/A/Choices/1",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Default": "B", "Choices": [
                    {"Variable": "$.x", "NumericEquals": 1, "Next": "B"},
                    {"Variable": "$.x", "NumericEquals": 1, "Next": "C"}]},
                "B": {"Type": "Succeed"}, "C": {"Type": "Fail"}}}"#,
        ),
        Example::new(
            "/States/A/Choices/1",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Choice", "Default": "B", "Choices": [
                    {"Condition": true, "Next": "B"}, {"Condition": "{% $states.input.x %}", "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "B", "Choices": [
            {"Variable": "$.x", "NumericEquals": 1, "Next": "B"},
            {"Variable": "$.x", "NumericEquals": 2, "Next": "C"}]},
        "B": {"Type": "Succeed"}, "C": {"Type": "Fail"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        if let State::Choice(choice) = site.state
            && choice.choices.len() > 1
        {
            check_choice(site, choice, found);
        }
    }
}

fn check_choice(site: &Site<'_>, choice: &Choice, found: &mut Vec<Diagnostic>) {
    // Equal tests are about the same thing, so only few have to be compared with each other.
    let mut earlier: HashMap<&str, Vec<&ChoiceRule>> = HashMap::new();
    let mut always = false;
    for (index, rule) in choice.choices.iter().enumerate() {
        let alike = earlier.entry(subject(&rule.test)).or_default();
        if always || alike.iter().any(|earlier| earlier.test == rule.test) {
            let message = if always {
                "an earlier Choice Rule always holds, so this one is never taken"
            } else {
                "an earlier Choice Rule has the same test, so this one is never taken"
            };
            let place = site.pointer().join("Choices").join(index);
            found.push(Diagnostic::warning(CODE, place, message).with_help("correct its test, or remove it"));
        }
        alike.push(rule);
        always |= matches!(rule.test, RuleTest::Condition(Value::Bool(true)));
    }
}

/// What a test is about.
fn subject(test: &RuleTest) -> &str {
    match test {
        RuleTest::Condition(condition) => condition.as_str().unwrap_or_default(),
        RuleTest::Data(DataTest::Comparison(comparison)) => {
            comparison.operand.as_str().unwrap_or(&comparison.variable)
        }
        RuleTest::Data(_) => "",
    }
}
