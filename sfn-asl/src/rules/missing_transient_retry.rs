//! `missing-transient-retry`: a Lambda function is called, and its passing faults are not tried again.
//! Separate because every rule has a file of its own.

use super::error_names::wildcards;
use super::{Check, Example, Invoked, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("missing-transient-retry");

const TRANSIENT: [&str; 3] =
    ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"];

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Advice,
    what: "A Task State that invokes a Lambda function and has no Retrier for `Lambda.ServiceException`, \
           `Lambda.AWSLambdaException` and `Lambda.SdkClientException`.",
    why: "Lambda is rarely, and briefly, unable to run a function. Without a Retrier the Execution fails for a reason that \
          a second attempt would not meet.",
    instead: "Add a Retrier for the three, and for `Lambda.TooManyRequestsException`: `\"IntervalSeconds\": 1, \
              \"MaxAttempts\": 3, \"BackoffRate\": 2`.",
    invalid: &[Example::new(
        "/States/A",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke", "Retry": [{"ErrorEquals": ["Busy"]}]}}}"#,
    )],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke", "Retry": [{"ErrorEquals": ["States.ALL"]}]}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke", "Retry": [{"ErrorEquals": ["Lambda.ServiceException",
                "Lambda.AWSLambdaException", "Lambda.SdkClientException"]}]}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::sqs:sendMessage"}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Task(task) = site.state else { continue };
        if matches!(site.lambda, Invoked::Nothing) {
            continue;
        }
        let takes = |name: &str| {
            let mut taken = task.retry.iter().flat_map(|retrier| &retrier.error_equals);
            taken.any(|taken| taken == name || wildcards(name).contains(&taken.as_str()))
        };
        let missing: Vec<_> = TRANSIENT.into_iter().filter(|name| !takes(name)).collect();
        if let [first, ..] = missing[..] {
            let message = format!("a passing fault of Lambda (`{first}`) ends the State `{}`", site.name);
            let help = format!("add a Retrier for {}", crate::nearest::listed(&missing));
            found.push(Diagnostic::advice(CODE, site.place(), message).with_help(help));
        }
    }
}
