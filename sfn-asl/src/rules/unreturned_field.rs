//! `unreturned-field`: a field of the input is read where only the answer to a callback is left.
//! Separate because every rule has a file of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Check, Example, Rule};
use crate::dataflow::{DataFlow, Lookup, Making, Outline, Source, each_read};
use crate::path::{Path, Root, Selector};
use crate::survey::Site;
use crate::{Code, Diagnostic, IntegrationPattern, Place, QueryLanguage, Severity};

const CODE: Code = Code::new("unreturned-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A field that is read from the input of the Execution, and then again where the answer to a \
           `.waitForTaskToken` Task has replaced that input.",
    why: "Without `ResultPath` the document is from then on whatever the caller sends with the Task Token, who seldom \
          knows all of it. The State fails unless the caller happens to send the field.",
    instead: "Set `ResultPath` of the Task that waits.",
    invalid: &[Example::new(
        "/States/Use/Parameters/id.$",
        r#"{"StartAt": "Ask", "States": {
            "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Next": "Use",
                    "TimeoutSeconds": 60, "Parameters": {"QueueUrl": "https://example.com/q", "MessageBody": {
                        "order.$": "$.orderId", "token.$": "$$.Task.Token"}}},
            "Use": {"Type": "Pass", "Parameters": {"id.$": "$.orderId", "by.$": "$.approver"}, "End": true}}}"#,
    )],
    valid: &[
        r#"{"StartAt": "Ask", "States": {
            "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Next": "Use",
                    "TimeoutSeconds": 60, "ResultPath": "$.answer",
                    "Parameters": {"QueueUrl": "https://example.com/q", "MessageBody": {
                        "order.$": "$.orderId", "token.$": "$$.Task.Token"}}},
            "Use": {"Type": "Pass", "Parameters": {"id.$": "$.orderId", "by.$": "$.answer.approver"}, "End": true}}}"#,
        r#"{"StartAt": "Call", "States": {
            "Call": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f:1", "Next": "Use",
                     "Parameters": {"order.$": "$.orderId"}},
            "Use": {"Type": "Pass", "Parameters": {"id.$": "$.orderId"}, "End": true}}}"#,
    ],
    check: Check::DataFlow(check),
};

fn check(flow: &DataFlow<'_, '_>, found: &mut Vec<Diagnostic>) {
    let survey = flow.survey;
    if !survey.sites.iter().any(waits) {
        return;
    }
    let (mut of_input, mut of_answers) = (BTreeSet::new(), Vec::new());
    for (number, site) in survey.sites.iter().enumerate() {
        let Some(views) = flow.views(number).filter(|_| site.language == QueryLanguage::JsonPath) else {
            continue;
        };
        each_read(site, views, &mut |read, way| {
            let computed = flow.evaluator.parse(read.text);
            let mut note = |path: &Path, start: usize| {
                let first = path.segments.first().map(|segment| &segment.selector);
                let (Root::Input, Some(Selector::Child(name))) = (&path.root, first) else { return };
                match read.root.field(name) {
                    Lookup::Found(Outline::Unknown(Source::Input)) => {
                        of_input.insert(Arc::clone(name));
                    }
                    Lookup::Found(Outline::Unknown(Source::State(giver, Making::Result)))
                        if waits(&survey.sites[giver as usize]) =>
                    {
                        let span = start..start + path.source().len();
                        let place = Place::Definition { pointer: way.pointer(site), span: Some(span) };
                        of_answers.push((place, Arc::clone(name), path.source().to_owned(), giver as usize));
                    }
                    _ => {}
                }
            };
            computed.form.each_path(&mut note);
        });
    }
    of_answers.retain(|(_, name, _, _)| of_input.contains(name));
    for (place, name, shown, giver) in of_answers {
        let giver = &survey.sites[giver];
        let message = format!("`{shown}` is only here if the answer to `{}` brings it back", giver.name);
        let note = format!("the answer to `{}` replaces the whole document, which had `{name}`", giver.name);
        let help =
            format!("set `ResultPath` of `{}`, so that the answer stands beside its input", giver.name);
        found.push(
            Diagnostic::warning(CODE, place, message).with_note(Some(giver.place()), note).with_help(help),
        );
    }
}

fn waits(site: &Site<'_>) -> bool {
    site.pattern == IntegrationPattern::WaitForCallback
}
