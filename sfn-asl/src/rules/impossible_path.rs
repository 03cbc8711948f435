//! `impossible-path`: a Path to something that cannot be there.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::dataflow::{DataFlow, Lost, States, Views, each_read, is_whole};
use crate::path::Path;
use crate::survey::Site;
use crate::template::Moment;
use crate::{Code, Diagnostic, Place, QueryLanguage, Severity};

const CODE: Code = Code::new("impossible-path");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A Path, or a JSONata expression that is nothing but a path, to a field that cannot be there on any way to the \
           State, because an earlier State replaced the document (an error) or put together one without it (a warning).",
    why: "The State fails whenever it reads the field. Without `ResultPath` a Task's result takes the place of the whole \
          document, and so does the error that a Catcher has caught; `lambda:invoke` answers with an envelope that has \
          the function's own answer in `Payload`.",
    instead: "Set `ResultPath` where the document is lost, so that the result stands beside the input; in JSONata keep \
              what is needed in `Output`, or in a Variable with `Assign`.",
    invalid: &[
        Example::new(
            "/States/Mail/Parameters/Message.$",
            r#"{"StartAt": "Pay", "States": {
                "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Mail",
                        "Parameters": {"FunctionName": "pay", "Payload.$": "$"}},
                "Mail": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
                         "Parameters": {"TopicArn": "t", "Message.$": "States.Format('{} is paid', $.orderId)"}}}}"#,
        ),
        Example::new(
            "/States/Undo/InputPath",
            r#"{"StartAt": "Pay", "States": {
                "Pay": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": true,
                        "Catch": [{"ErrorEquals": ["Declined"], "Next": "Undo"}]},
                "Undo": {"Type": "Pass", "InputPath": "$.order", "End": true}}}"#,
        ),
        Example::new(
            "/States/Each/ItemProcessor/States/Ship/Output/to",
            r#"{"QueryLanguage": "JSONata", "StartAt": "Each", "States": {
                "Each": {"Type": "Map", "End": true, "Items": "{% $states.input.lines %}",
                    "ItemSelector": {"sku": "{% $states.context.Map.Item.Value.sku %}"}, "ItemProcessor": {
                    "StartAt": "Ship", "States": {"Ship": {
                        "Type": "Pass", "Output": {"to": "{% $states.input.address %}"}, "End": true}}}}}}"#,
        ),
        Example::new(
            "/States/Use/Parameters/total.$",
            r#"{"StartAt": "Both", "States": {
                "Both": {"Type": "Parallel", "Next": "Use", "Branches": [
                    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"total": 1}, "End": true}}},
                    {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}]},
                "Use": {"Type": "Pass", "Parameters": {"total.$": "$[0].sum"}, "End": true}}}"#,
        ),
        Example::new(
            "/States/Stop/Parameters/why.$",
            r#"{"StartAt": "Pay", "States": {
                "Pay": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": true,
                        "Catch": [{"ErrorEquals": ["Declined"], "ResultPath": "$.error", "Next": "Stop"}]},
                "Stop": {"Type": "Pass", "Parameters": {"why.$": "$.error.Cause.errorMessage"}, "End": true}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "Pay", "States": {
            "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.pay", "Next": "Mail",
                    "Parameters": {"FunctionName": "pay", "Payload.$": "$"}},
            "Mail": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
                     "Parameters": {"TopicArn": "t", "Message.$": "$.orderId", "Subject.$": "$.pay.Payload.id"}}}}"#,
        r#"{"StartAt": "Pay", "States": {
            "Pay": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "Found",
                    "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "$.id"}}}},
            "Found": {"Type": "Choice", "Default": "End", "Choices": [
                {"And": [{"Variable": "$.id", "IsPresent": true}, {"Variable": "$.id", "StringEquals": "x"}],
                 "Next": "Use"}]},
            "Use": {"Type": "Pass", "InputPath": "$.id", "Next": "End"},
            "End": {"Type": "Succeed"}}}"#,
        r#"{"StartAt": "First", "States": {
            "First": {"Type": "Pass", "Result": {"n": 0}, "ResultPath": "$.loop", "Next": "More"},
            "More": {"Type": "Choice", "Default": "Done", "Choices": [
                {"Variable": "$.loop.n", "NumericLessThan": 3, "Next": "Step"}]},
            "Step": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.loop.n, 1)", "last.$": "$.loop"},
                     "ResultPath": "$.loop", "Next": "More"},
            "Done": {"Type": "Pass", "Parameters": {"n.$": "$.loop.n", "id.$": "$.order.id"}, "End": true}}}"#,
    ],
    check: Check::DataFlow(check),
};

fn check(flow: &DataFlow<'_, '_>, found: &mut Vec<Diagnostic>) {
    for (number, site) in flow.survey.sites.iter().enumerate() {
        let Some(views) = flow.views(number) else { continue };
        match site.language {
            QueryLanguage::JsonPath => check_paths(flow, site, views, found),
            QueryLanguage::Jsonata => check_expressions(flow, site, views, found),
        }
    }
}

fn check_paths<'m>(flow: &DataFlow<'_, 'm>, site: &Site<'m>, views: &Views<'m>, found: &mut Vec<Diagnostic>) {
    each_read(site, views, &mut |read, way| {
        let computed = flow.evaluator.parse(read.text);
        let mut check = |path: &Path, start: usize| {
            let Err(lost) = flow.evaluator.path(path, read.root) else { return };
            if read.other.is_some_and(|other| flow.evaluator.path(path, other).is_ok()) {
                return;
            }
            let pointer = way.pointer(site);
            let span = start..start + path.source().len();
            let place = Place::Definition { pointer, span: Some(span) };
            found.push(report(flow, place, path.source(), &lost, read.is_certain));
        };
        computed.form.each_path(&mut check);
    });
}

fn check_expressions<'m>(
    flow: &DataFlow<'_, 'm>,
    site: &Site<'m>,
    views: &Views<'m>,
    found: &mut Vec<Diagnostic>,
) {
    for (parsed, reference) in site.references() {
        let states = States {
            input: &views.input,
            result: (parsed.moment == Moment::Result).then_some(&views.result),
            error: (parsed.moment == Moment::Caught).then_some(&views.error),
        };
        let Err(lost) = flow.evaluator.reference(&reference.name, &reference.fields, states) else {
            continue;
        };
        // Elsewhere in an expression nothing is a value like any other, and may be meant.
        let is_certain = is_whole(parsed.source, &reference.span);
        if is_certain || !expects_nothing(parsed.source) {
            let place = site.place_in(parsed, &reference.span);
            let shown = &parsed.source[reference.span.clone()];
            // Only the first rule's test is evaluated for sure.
            found.push(report(flow, place, shown, &lost, is_certain && parsed.field != "Choices"));
        }
    }
}

/// Whether an expression looks as if it knew that something in it may be missing.
fn expects_nothing(source: &str) -> bool {
    const WORDS: [&str; 9] =
        ["$exists", "$type", "$boolean", "$not", "$lookup", "$count", " and ", " or ", " in "];
    source.bytes().any(|byte| matches!(byte, b'?' | b'=' | b'['))
        || WORDS.iter().any(|word| source.contains(word))
}

fn report<'m>(
    flow: &DataFlow<'_, 'm>,
    place: Place,
    shown: &str,
    lost: &Lost<'m>,
    is_certain: bool,
) -> Diagnostic {
    let message = format!("`{shown}` cannot exist here");
    let fault = if is_certain && !lost.is_left_out() {
        Diagnostic::error(CODE, place, message)
    } else {
        Diagnostic::warning(CODE, place, message)
    };
    flow.explain(fault, shown, lost)
}
