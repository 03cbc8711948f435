//! `undeclared-error`: a Retrier or Catcher waits for an error that its Task's action never raises.
//! Separate because every rule has a file of its own.

use sfn_catalogue::{Action, Pattern, Resource};

use super::{Check, Example, Rule};
use crate::document::has_placeholder;
use crate::nearest::nearest;
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("undeclared-error");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "An Error Name in a Retrier or Catcher of a Task that calls an AWS API, which that API does not declare or \
           Step Functions spells otherwise.",
    why: "The name never matches, so that the error goes past: a handler that looks right does nothing. An error is \
          the service's name, a dot, and the exception with the ending `Exception`. The two kinds of integrations \
          name the same service differently: `DynamoDB.` in `dynamodb:putItem`, `DynamoDb.` in \
          `aws-sdk:dynamodb:putItem`.",
    instead: "Write the name the integration raises, or `States.TaskFailed` for all of them.",
    invalid: &[
        Example::new(
            "/States/Put/Catch/0/ErrorEquals/0",
            r#"{"StartAt": "Put", "States": {
                "Put": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem", "End": true,
                        "Catch": [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "No"}]},
                "No": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Get/Catch/0/ErrorEquals/0",
            r#"{"StartAt": "Get", "States": {
                "Get": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "End": true,
                        "Catch": [{"ErrorEquals": ["S3.NoSuchKey"], "Next": "No"}]},
                "No": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Run/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["Lambda.AWSLambdaExeption"]}]}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "Put", "States": {"Put": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Retry": [
                {"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException", "DynamoDB.AmazonDynamoDBException"]},
                {"ErrorEquals": ["DynamoDB.ThrottlingException", "States.Timeout"]}]}}}"#,
        r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke",
            "Retry": [{"ErrorEquals": ["OutOfStock", "com.example.NoSuchOrder", "Lambda.TooManyRequestsException"]}]}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        // Whoever returns a Task Token and whatever runs as a job names errors as it likes.
        let Resource::Known { action, pattern: Pattern::RequestResponse } = site.resource else { continue };
        for (handler, retrier) in site.state.retry().iter().enumerate() {
            judge_all(site, action, ("Retry", handler), &retrier.error_equals, found);
        }
        for (handler, catcher) in site.state.catch().iter().enumerate() {
            judge_all(site, action, ("Catch", handler), &catcher.error_equals, found);
        }
    }
}

fn judge_all(
    site: &Site<'_>,
    action: Action,
    (field, handler): (&str, usize),
    names: &[String],
    found: &mut Vec<Diagnostic>,
) {
    for (index, name) in names.iter().enumerate() {
        if let Some(help) = judge(name, action) {
            let place = site.pointer().join(field).join(handler).join("ErrorEquals").join(index);
            let message = format!("`{action}` raises no error called `{name}`");
            found.push(Diagnostic::warning(CODE, place, message).with_help(help));
        }
    }
}

/// For a name that the action never raises, what to do about it.
fn judge(name: &str, action: Action) -> Option<String> {
    let prefix = action.service().prefix();
    let is_lambda = prefix == "Lambda" && action.name() == "invoke";
    if name.starts_with("States.") || has_placeholder(name) {
        return None;
    }
    let (owner, exception) = match name.split_once('.') {
        Some((owner, exception)) => (Some(owner), exception),
        None => (None, name),
    };
    // A function's own errors have any name.
    if is_lambda && !owner.is_some_and(|owner| owner.eq_ignore_ascii_case(prefix)) {
        return None;
    }
    let declares_nothing = action.exceptions().next().is_none();
    let near = nearest(exception, action.exceptions().filter(|declared| is_like(declared, exception)));
    let is_raised = match near {
        Some(near) => near == exception,
        None => declares_nothing || is_undeclared_everywhere(exception),
    };
    if owner == Some(prefix) && is_raised {
        return None;
    }
    let near = near.or_else(|| is_raised.then_some(exception));
    match near {
        Some(near) => Some(format!("did you mean `{prefix}.{near}`?")),
        None if is_lambda || declares_nothing => None,
        None => Some("write an error that it declares, or `States.TaskFailed` for all of them".to_owned()),
    }
}

/// Whether a declared exception is what a name may stand for, the ending aside.
fn is_like(declared: &str, name: &str) -> bool {
    // The ending may be misspelt itself.
    let stem = |name: &str| name.rfind("Ex").map_or(name, |ending| &name[..ending]).to_ascii_lowercase();
    let (declared, name) = (stem(declared), stem(name));
    declared == name || nearest(&name, [declared.as_str()]).is_some()
}

/// Exceptions that models do not declare operation by operation: a service's catch-all, the SDK's own, and those
/// that come from the front of every API.
fn is_undeclared_everywhere(exception: &str) -> bool {
    const PARTS: [&str; 12] = [
        "AccessDenied",
        "ExpiredToken",
        "InternalFailure",
        "InternalServer",
        "RequestLimit",
        "SdkClient",
        "Service",
        "Throttl",
        "Timeout",
        "TooManyRequests",
        "UnrecognizedClient",
        "Validation",
    ];
    let is_catch_all = ["Amazon", "AWS", "Aws"].iter().any(|owner| exception.starts_with(owner));
    is_catch_all || PARTS.iter().any(|part| exception.contains(part))
}
