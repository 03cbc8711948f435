//! `invalid-timestamp`: a literal time that is none.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::document::has_placeholder;
use crate::survey::Survey;
use crate::{
    Code, Comparison, DataTest, Diagnostic, Operand, OperandKind, Pointer, RuleTest, Severity, State,
    WaitUntil,
};

const CODE: Code = Code::new("invalid-timestamp");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A literal `Timestamp` of a Wait State, or a literal that a Choice Rule compares a timestamp with, that is no RFC 3339 timestamp with an upper-case `T` and a time zone.",
    why: "The service refuses the definition.",
    instead: "Write it like `2030-01-31T09:30:00Z` or `2030-01-31T09:30:00.5+01:00`.",
    invalid: &[
        Example::new(
            "/States/A/Timestamp",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Timestamp": "2016-12-05T21:29:29", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Timestamp",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Timestamp": "2016-12-05T25:29:29Z", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/And/0/TimestampLessThan",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Default": "B", "Choices": [
                    {"And": [{"Variable": "$.t", "TimestampLessThan": "tomorrow"}], "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Timestamp": "2016-02-29T21:29:29.5-01:00", "End": true}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Timestamp": "${When}", "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        match site.state {
            State::Wait(wait) => {
                if let WaitUntil::Timestamp(Operand::Literal(text)) = &wait.until {
                    check_timestamp(text, || site.pointer().join("Timestamp"), found);
                }
            }
            State::Choice(choice) => {
                for (index, rule) in choice.choices.iter().enumerate() {
                    if let RuleTest::Data(test) = &rule.test {
                        check_test(test, &|| site.pointer().join("Choices").join(index), found);
                    }
                }
            }
            _ => {}
        }
    }
}

fn check_test(test: &DataTest, pointer: &dyn Fn() -> Pointer, found: &mut Vec<Diagnostic>) {
    let (field, tests) = match test {
        DataTest::And(tests) => ("And", tests),
        DataTest::Or(tests) => ("Or", tests),
        DataTest::Not(nested) => return check_test(&nested.test, &|| pointer().join("Not"), found),
        DataTest::Comparison(Comparison { comparator, operand, .. }) => {
            if let (OperandKind::Timestamp, Some(text)) = (comparator.operand_kind(), operand.as_str()) {
                check_timestamp(text, || pointer().join(comparator.as_str()), found);
            }
            return;
        }
    };
    for (index, nested) in tests.iter().enumerate() {
        check_test(&nested.test, &|| pointer().join(field).join(index), found);
    }
}

fn check_timestamp(text: &str, pointer: impl Fn() -> Pointer, found: &mut Vec<Diagnostic>) {
    if !has_placeholder(text) && !is_timestamp(text) {
        let message = format!("found `{text}`, expected an RFC 3339 timestamp");
        let help = "write it like `2030-01-31T09:30:00Z`";
        found.push(Diagnostic::error(CODE, pointer(), message).with_help(help));
    }
}

fn is_timestamp(text: &str) -> bool {
    let Some((date, rest)) = text.split_once('T') else { return false };
    let Some(zone_at) = rest.find(['Z', '+', '-']) else { return false };
    let (time, zone) = rest.split_at(zone_at);
    let (seconds, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let is_zone =
        zone == "Z" || numbers(&zone[1..], ':', &[2, 2]).is_some_and(|zone| zone[0] < 24 && zone[1] < 60);
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let is_time =
        numbers(seconds, ':', &[2, 2, 2]).is_some_and(|time| time[0] < 24 && time[1] < 60 && time[2] <= 60);
    let is_date = numbers(date, '-', &[4, 2, 2]).is_some_and(|date| {
        (1..=12).contains(&date[1]) && (1..=days_in(date[0], date[1])).contains(&date[2])
    });
    is_date && is_time && is_fraction && is_zone
}

/// The numbers between separators, when each has exactly so many digits.
fn numbers(text: &str, separator: char, digits: &[usize]) -> Option<Vec<u32>> {
    let parts: Vec<&str> = text.split(separator).collect();
    let fits = |(part, length): (&&str, &usize)| {
        part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_whole = parts.len() == digits.len() && parts.iter().zip(digits).all(fits);
    if is_whole { parts.iter().map(|part| part.parse().ok()).collect() } else { None }
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
