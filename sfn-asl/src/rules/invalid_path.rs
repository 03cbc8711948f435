//! `invalid-path`: what stands where a Path must stand is none.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule, path_faults};
use crate::{Code, Severity};

pub(super) const CODE: Code = Code::new("invalid-path");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Path (JSONPath) that cannot be read, a Path that may find several values where one place must be named, \
           or a template's `.$` field that is neither a Path nor an Intrinsic Function.",
    why: "The service refuses the definition.",
    instead: "Begin a Path with `$` (the input), `$$` (the Context Object) or `$name` (a Variable), put names with \
              blanks in brackets (`$['my field']`), and name one place where a value is put or a number is read. For \
              a literal value drop the `.$` of the field's name.",
    invalid: &[
        Example::new(
            "/States/A/InputPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "order", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/x/y.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"x": {"y.$": "literal"}}}}}"#,
        ),
        Example::new(
            "/States/A/Parameters/y.$",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"y.$": "$.lines[?(@.price < )]"}}}}"#,
        ),
        Example::new(
            "/States/A/OutputPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "OutputPath": "$.lines.lenght()", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/ResultPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": "$.lines[*].x", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/ResultPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": "$$.Execution", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/SecondsPath",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "SecondsPath": "$.waits[?(@.on)]", "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Choices/0/And/1/Variable",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [{"Next": "B", "And": [
                {"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a[x]", "BooleanEquals": true}]}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": null, "OutputPath": "$$.Execution",
        "Parameters": {"a.$": "States.UUID()", "b.$": "$", "c.$": "${Path}", "d": "literal"},
        "End": true}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": "$.a['b c'][0]", "End": true, "Parameters": {
        "x.$": "$..lines[?(@.price > 10 && @.name =~ /a.*/i)].sku", "y.$": "$.lines.length()"}}}}"#,
    ],
    check: Check::Machine(|survey, found| path_faults::push(CODE, survey, found)),
};
