//! `credentials-without-role`: a Task's `Credentials` that name no role.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, QueryLanguage, Severity, State, Value};

const CODE: Code = Code::new("credentials-without-role");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Task's `Credentials` without `RoleArn`.",
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

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Task(task) = site.state else { continue };
        let Some(credentials) = task.credentials.as_ref().and_then(Value::as_object) else { continue };
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
