//! `invalid-resource`: the ARN of a Lambda function whose version or alias is none.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("invalid-resource");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Lambda function's ARN as `Resource` whose version or alias is empty or holds other characters than \
           letters, digits, `-` and `_`; `$LATEST` is the exception.",
    why: "The service refuses the definition.",
    instead: "Write the version's number, the alias, `$LATEST`, or no qualifier and no colon.",
    invalid: &[
        Example::new(
            "/States/A/Resource",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge:"}}}"#,
        ),
        Example::new(
            "/States/A/Resource",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge:$1"}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge", "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge:$LATEST", "Next": "C"},
        "C": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge:live", "Next": "D"},
        "D": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:${F}:${V}", "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Task(task) = site.state else { continue };
        let Some(qualifier) = lambda_qualifier(&task.resource) else { continue };
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_legal = qualifier == "$LATEST" || (!qualifier.is_empty() && qualifier.bytes().all(is_word));
        if !is_legal && !qualifier.contains("${") {
            let message = format!(
                "found `{qualifier}` as the function's version or alias, expected letters and digits"
            );
            let help = "write a version's number, an alias or `$LATEST`, or drop the last colon";
            found.push(Diagnostic::error(CODE, site.field("Resource"), message).with_help(help));
        }
    }
}

/// What stands behind the function's name in the ARN of a Lambda function.
fn lambda_qualifier(resource: &str) -> Option<&str> {
    let (head, function) = resource.split_once(":function:")?;
    let (_, qualifier) = function.split_once(':')?;
    (head.starts_with("arn:") && head.contains(":lambda:")).then_some(qualifier)
}
