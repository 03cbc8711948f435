//! `unwrapped-items`: what must be an array is none when there is only one item.
//! Separate because every rule has a file of its own.

use std::ops::Range;

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Place, Pointer, Severity};

const CODE: Code = Code::new("unwrapped-items");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "An expression for `Items`, or for an argument that is a list, that filters or maps and does not make an array \
           of the outcome.",
    why: "JSONata unwraps: `$filter`, `$map`, `$keys` and filters in `[...]` give the element itself when there is one, \
          and nothing when there is none. An array is needed, so the State works with two items and fails with \
          one.",
    instead: "Put the whole into `[...]`: `{% [$filter(...)] %}`. An array within `[...]` is not nested.",
    invalid: &[
        Example::new(
            "/States/Run/Arguments/InstanceIds",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::aws-sdk:ec2:stopInstances", "Arguments": {
                    "InstanceIds": "{% $states.input.instances[idle].id %}"}}}}"#,
        ),
        Example::new(
            "/States/Each/Items",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
                "MaxConcurrency": 5, "Items": "{% $states.input.lines[price > 9] %}", "ItemProcessor": {
                "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
        Example::new(
            "/States/Each/Items",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
                "MaxConcurrency": 5, "Items": "{% $states.input.lines ~> $map(function($x) { $x.id }) %}",
                "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"QueryLanguage": "JSONata", "StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::aws-sdk:ec2:stopInstances", "Arguments": {
                "InstanceIds": "{% [$states.input.instances[idle].id] %}"}}}}"#,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
        "MaxConcurrency": 5, "Items": "{% [$states.input.lines[price > 9]] %}", "ItemProcessor": {
        "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    let items = survey.expressions().filter(|(_, expression)| expression.string.is_whole("Items"));
    for (site, expression) in items {
        let Ok(parsed) = &expression.meaning.expression else { continue };
        let Some(span) = parsed.unwrapped() else { continue };
        found.push(fault(site.pointer_of(&expression.string), expression.string.text, &span));
    }
    found.extend(survey.argument_faults().iter().filter(|fault| fault.code == CODE).cloned());
}

/// The fault of an expression, which is a part of the JSONata string at a place.
pub(super) fn fault(pointer: Pointer, text: &str, span: &Range<usize>) -> Diagnostic {
    let source = text.trim_start_matches("{%").trim_end_matches("%}").trim();
    let value = format!("{{% [{source}] %}}").into();
    let span = span.start + 2..span.end + 2;
    let place = Place::Definition { pointer: pointer.clone(), span: Some(span) };
    let message = "this is no array when there is one item, and nothing when there is none";
    let report = Diagnostic::warning(CODE, place, message);
    report.with_help("put the whole expression into `[...]`").with_fix(Edit::Replace { pointer, value })
}
