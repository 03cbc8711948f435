//! `wrong-result`: an expression whose result its field cannot take.
//! Separate because every rule has a file of its own.

use sfn_jsonata::ValueKind;

use super::{Check, Example, Rule};
use crate::document::has_placeholder;
use crate::survey::{Parsed, Site, Survey};
use crate::{Code, Diagnostic, QueryLanguage, RuleTest, Severity, State, Value};

const CODE: Code = Code::new("wrong-result");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A JSONata expression that, whatever the input is, does not give what its field needs: an array in `Items`, \
           `true` or `false` in `Condition`, a number in `Seconds`, a string in `Timestamp`. A function is no result \
           for any field.",
    why: "The State fails whenever it gets there (`States.QueryEvaluationError`).",
    instead: "Give what the field needs: `[...]` makes an array, `$boolean`, `$number` and `$string` convert.",
    invalid: &[
        Example::new(
            "/States/A/Seconds",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Wait", "Seconds": "{% $string($states.input.delay) %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/Condition",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Choice", "Default": "B", "Choices": [
                    {"Condition": "{% $count($states.input.lines) %}", "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/A/Output/f",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": {"f": "{% function($x) { $x } %}"}, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Wait", "Seconds": "{% $number($states.input.delay) %}", "Next": "B"},
        "B": {"Type": "Choice", "Default": "C", "Choices": [
            {"Condition": "{% $count($states.input.lines) > 0 %}", "Next": "C"}]},
        "C": {"Type": "Pass", "Output": "{% $count($states.input.lines) %}", "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in survey.sites.iter().filter(|site| site.language == QueryLanguage::Jsonata) {
        check_literals(site, found);
    }
    for (site, expression) in survey.expressions() {
        let Ok(parsed) = &expression.meaning.expression else { continue };
        let results = parsed.results();
        let (wanted, expected) = match wanted(expression) {
            Some(wanted) => wanted,
            None if results.clone().eq([ValueKind::Function]) => (ValueKind::Array, "a JSON value"),
            None => continue,
        };
        if results.clone().next().is_some() && results.clone().all(|kind| kind != wanted) {
            let found_kinds = results.map(name).collect::<Vec<_>>().join(" or ");
            let message = format!("the result is {found_kinds}, expected {expected}");
            let place = site.place_in(expression, &(0..expression.source.len()));
            found.push(Diagnostic::error(CODE, place, message).with_help(format!("give {expected}")));
        }
    }
}

/// Values without an expression that are none of those the field takes.
fn check_literals(site: &Site<'_>, found: &mut Vec<Diagnostic>) {
    match site.state {
        State::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                let RuleTest::Condition(condition) = &rule.test else { continue };
                if !matches!(condition, Value::Bool(_)) && !may_be_anything(condition) {
                    let place = site.pointer().join("Choices").join(index).join("Condition");
                    let message = "this is no boolean and no expression, expected `true` or `false`";
                    let help =
                        "write an expression between `{%` and `%}`, or `true` or `false` without quotes";
                    found.push(Diagnostic::error(CODE, place, message).with_help(help));
                }
            }
        }
        State::Map(map) => {
            let is_good = |items: &Value| matches!(items, Value::Array(_) | Value::Object(_));
            if map.items.as_ref().is_some_and(|items| !is_good(items) && !may_be_anything(items)) {
                let message = "this is neither an array nor an expression that gives one";
                let help = "write an array, or an expression between `{%` and `%}`";
                found.push(Diagnostic::error(CODE, site.field("Items"), message).with_help(help));
            }
        }
        _ => {}
    }
}

/// Whether a value is an expression, or is put in later; other rules look at what looks like an expression.
fn may_be_anything(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("{%") || text.contains("%}") || has_placeholder(text))
}

/// What the field of an expression needs, if not just any JSON.
fn wanted(expression: &Parsed<'_>) -> Option<(ValueKind, &'static str)> {
    const NUMBERS: [&str; 6] = [
        "Seconds",
        "TimeoutSeconds",
        "HeartbeatSeconds",
        "MaxConcurrency",
        "ToleratedFailureCount",
        "ToleratedFailurePercentage",
    ];
    let string = &expression.string;
    if string.is_whole("Items") {
        Some((ValueKind::Array, "an array"))
    } else if expression.field == "Choices" && string.key == "Condition" && !string.is_element {
        Some((ValueKind::Boolean, "`true` or `false`"))
    } else if NUMBERS.iter().any(|field| string.is_whole(field)) {
        Some((ValueKind::Number, "a number"))
    } else if ["Timestamp", "Error", "Cause"].iter().any(|field| string.is_whole(field)) {
        Some((ValueKind::String, "a string"))
    } else {
        None
    }
}

fn name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Array => "an array",
        ValueKind::Boolean => "a boolean",
        ValueKind::Function => "a function",
        ValueKind::Null => "null",
        ValueKind::Number => "a number",
        ValueKind::Object => "an object",
        ValueKind::String => "a string",
    }
}
