//! `unsubstituted-name`: a name in a definition that its template does not put a value for.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::{Code, Severity};

pub(crate) const CODE: Code = Code::new("unsubstituted-name");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A `${Name}` in a definition of a CloudFormation or SAM template whose `DefinitionSubstitutions` has no such \
           name.",
    why: "The text stays as it is, and reaches the service as an ARN or a value that it is not.",
    instead: "Add the name to `DefinitionSubstitutions`, or correct it.",
    invalid: &[Example::new(
        "/States/A/Resource",
        r#"{"Resources": {"Saga": {"Type": "AWS::Serverless::StateMachine", "Properties": {
            "DefinitionSubstitutions": {},
            "Definition": {"StartAt": "A", "States": {"A": {
                "Type": "Task", "Resource": "${Chrage}", "End": true}}}}}}}"#,
    )],
    valid: &[r#"{"Resources": {"Saga": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "DefinitionSubstitutions": {"Charge": {"Fn::GetAtt": ["Function", "Arn"]}},
            "DefinitionString": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${Charge}\", \"End\": true}}}"}}}}"#],
    check: Check::Reading,
};
