//! `unused-substitution`: a value in a template that its definition has no place for.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("unused-substitution");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A name in `DefinitionSubstitutions` of a CloudFormation or SAM template that its definition does not have.",
    why: "Its value goes nowhere; most often the name is misspelt in one of the two places.",
    instead: "Remove it, or write `${Name}` where its value belongs.",
    invalid: &[Example::new(
        "",
        r#"{"Resources": {"Saga": {"Type": "AWS::Serverless::StateMachine", "Properties": {
            "DefinitionSubstitutions": {"Other": "x"},
            "Definition": {"StartAt": "A", "States": {"A": {
                "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge:1", "End": true}}}}}}}"#,
    )],
    valid: &[r#"{"Resources": {"Saga": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "DefinitionSubstitutions": {"Charge": {"Fn::GetAtt": ["Function", "Arn"]}},
            "DefinitionString": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${Charge}\", \"End\": true}}}"}}}}"#],
    check: Check::Reading,
};
