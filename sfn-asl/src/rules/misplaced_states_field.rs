//! `misplaced-states-field`: a field of `$states` that does not exist at that place.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::template::Moment;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("misplaced-states-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "`$states.result` before there is a result, `$states.errorOutput` outside a Catcher, or a field that \
           `$states` does not have at all.",
    why: "The value is undefined there, and an undefined value fails the State. Only Task, Map and Parallel States \
          have a result, in their own `Assign` and `Output`; only a Catcher has an error.",
    instead: "Use `$states.input`, or move the expression to where the value exists.",
    invalid: &[
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $states.result %}", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Arguments/Payload",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                      "Arguments": {"FunctionName": "f", "Payload": "{% $states.result.Payload %}"}}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                      "Output": "{% $states.errorOutput %}"}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% $states.inputs.x %}", "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
              "Output": "{% $states.result.Payload %}",
              "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Cause %}", "Next": "B"}]},
        "B": {"Type": "Pass", "Output": "{% [$states.context.Execution.Id, $states.input] %}", "End": true}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (site, expression, reference) in survey.references() {
        let Some(field) = reference.fields.first().filter(|_| &*reference.name == "states") else { continue };
        let (message, help) = match (&**field, expression.moment) {
            ("input" | "context", _) | ("result", Moment::Result) | ("errorOutput", Moment::Caught) => {
                continue;
            }
            ("result", _) => (
                "`$states.result` does not exist here".to_owned(),
                "use `$states.input`, or move this to `Assign` or `Output` of the Task, Map or Parallel State",
            ),
            ("errorOutput", _) => (
                "`$states.errorOutput` does not exist here".to_owned(),
                "move this to `Assign` or `Output` of a Catcher",
            ),
            (other, _) => (
                format!("`$states` has no field `{other}`"),
                "use `input`, `context`, `result` or `errorOutput`",
            ),
        };
        found.push(
            Diagnostic::error(CODE, site.place_in(expression, &reference.span), message).with_help(help),
        );
    }
}
