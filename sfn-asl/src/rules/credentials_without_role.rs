//! `credentials-without-role`: a Task's `Credentials` that name no role.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::document::has_placeholder;
use crate::survey::Survey;
use crate::{Code, Diagnostic, QueryLanguage, Severity, State, Value, is_jsonata_string};

const CODE: Code = Code::new("credentials-without-role");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Task's `Credentials` without `RoleArn`, or with one that is no string.",
    why: "The service refuses a JSONata State without it (an error). In a JSONPath State the language's specification \
          leaves the field open, and no refusal is on record (a warning).",
    instead: "Name the role under which the work is done: `\"Credentials\": {\"RoleArn\": \"arn:aws:iam::...\"}`.",
    invalid: &[
        Example::new(
            "/States/A/Credentials",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "Credentials": {}}}}"#,
        ),
        Example::new(
            "/States/A/Credentials",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke", "Credentials": {"Role": "r"}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Credentials": {"RoleArn.$": "$.role"}}}}"#],
    check: Check::Machine(check),
};

/// Whether a value is computed, or put in later.
fn is_open(value: &Value) -> bool {
    match value {
        Value::String(text) => is_jsonata_string(text) || has_placeholder(text),
        Value::Null => true,
        _ => false,
    }
}

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Task(task) = site.state else { continue };
        let Some(credentials) = &task.credentials else { continue };
        let Some(credentials) = credentials.as_object() else {
            if !is_open(credentials) {
                let message = "`Credentials` is no object, expected one with `RoleArn`";
                let help = "write `{\"RoleArn\": ...}`";
                found.push(Diagnostic::error(CODE, site.field("Credentials"), message).with_help(help));
            }
            continue;
        };
        if let Some(role) = credentials.get("RoleArn").filter(|role| role.as_str().is_none()) {
            let place = site.pointer().join("Credentials").join("RoleArn");
            let message = format!("found `{role}`, expected the ARN of a role");
            let help = "write the ARN as a string";
            found.push(Diagnostic::error(CODE, place, message).with_help(help));
        }
        if !credentials.contains_key("RoleArn") && !credentials.contains_key("RoleArn.$") {
            let message = "`Credentials` has no `RoleArn`";
            let report = match site.language {
                QueryLanguage::Jsonata => Diagnostic::error,
                QueryLanguage::JsonPath => Diagnostic::warning,
            };
            let help = "add the ARN of the role under which the work is done";
            found.push(report(CODE, site.field("Credentials"), message).with_help(help));
        }
    }
}
