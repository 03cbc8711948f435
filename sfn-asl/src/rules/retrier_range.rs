//! `retrier-range`: numbers of a Retrier that the service does not take.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Retrier, Severity};

const CODE: Code = Code::new("retrier-range");

/// The largest `IntervalSeconds` and `MaxAttempts`.
const MAX: i64 = 99_999_999;

/// The longest delay the service takes: 366 days.
const MAX_DELAY: i64 = 31_622_400;

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "An `IntervalSeconds` below 1, a `MaxAttempts` below 0, a `BackoffRate` below 1, or a `MaxDelaySeconds` that \
           is not above the interval.",
    why: "The service refuses the definition.",
    instead: "Use a number of the range that the message names; `\"MaxAttempts\": 0` means no retry.",
    invalid: &[
        Example::new(
            "/States/A/Retry/0/MaxAttempts",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": -1}]}}}"#,
        ),
        Example::new(
            "/States/A/Retry/0/BackoffRate",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["States.ALL"], "BackoffRate": 0.2}]}}}"#,
        ),
        Example::new(
            "/States/A/Retry/0/MaxDelaySeconds",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxDelaySeconds": 5}]}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke",
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 0, "BackoffRate": 1,
                   "MaxDelaySeconds": 2, "JitterStrategy": "FULL"}]}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (_, site) in survey.handling() {
        for (index, retrier) in site.state.retry().iter().enumerate() {
            for (field, value, expected) in faults(retrier) {
                let pointer = site.pointer().join("Retry").join(index).join(field);
                let message = format!("`{field}` is {value}, expected {expected}");
                found.push(Diagnostic::error(CODE, pointer, message).with_help(format!("use {expected}")));
            }
        }
    }
}

fn faults(retrier: &Retrier) -> Vec<(&'static str, String, String)> {
    let interval = retrier.interval_seconds.unwrap_or(1);
    let mut faults = Vec::new();
    if let Some(seconds) = retrier.interval_seconds.filter(|seconds| !(1..=MAX).contains(seconds)) {
        faults.push(("IntervalSeconds", seconds.to_string(), format!("1 to {MAX}")));
    }
    if let Some(attempts) = retrier.max_attempts.filter(|attempts| !(0..=MAX).contains(attempts)) {
        faults.push(("MaxAttempts", attempts.to_string(), format!("0 to {MAX}")));
    }
    if let Some(rate) = retrier.backoff_rate.filter(|rate| *rate < 1.0) {
        faults.push(("BackoffRate", rate.to_string(), "at least 1".to_owned()));
    }
    if let Some(delay) = retrier.max_delay_seconds {
        if delay <= interval {
            faults.push((
                "MaxDelaySeconds",
                delay.to_string(),
                format!("more than the interval of {interval}"),
            ));
        } else if delay > MAX_DELAY {
            faults.push(("MaxDelaySeconds", delay.to_string(), format!("at most {MAX_DELAY}")));
        }
    }
    faults
}
