//! `invalid-resource`: a `Resource` that cannot do what it is named for.
//! Separate because every rule has a file of its own.

use super::item_source::{READERS, WRITER, s3_action};
use super::lambda::Function;
use super::{Check, Example, Invoked, Rule};
use crate::document::has_placeholder;
use crate::nearest::{listed, nearest};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Map, Severity, State};

const CODE: Code = Code::new("invalid-resource");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `Resource` that is no ARN; a Lambda function's ARN as `Resource` whose version or alias is empty or holds other characters than \
           letters, digits, `-` and `_`; `$LATEST` is the exception. An `ItemReader` or a `ResultWriter` whose `Resource` \
           is none of the actions of S3 that read items and write results.",
    why: "The service refuses the definition.",
    instead: "Write the version's number, the alias, `$LATEST`, or no qualifier and no colon. Items are read by \
              `arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`, results are written by \
              `arn:aws:states:::s3:putObject`.",
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
        Example::new(
            "/States/A/Resource",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "charge"}}}"#,
        ),
        Example::new(
            "/States/Each/ItemReader/Resource",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 5,
                "ItemReader": {"Resource": "arn:aws:states:::s3:listObjects", "Parameters": {"Bucket": "b"}},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
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
        if let State::Map(map) = site.state {
            check_map(site, map, found);
        }
        let State::Task(task) = site.state else { continue };
        if !task.resource.starts_with("arn:") && !has_placeholder(&task.resource) {
            let message = format!("found `{}`, expected an ARN", task.resource);
            let help = "write the ARN of a Lambda function or an Activity, or of a service integration such as \
                        `arn:aws:states:::lambda:invoke`";
            found.push(Diagnostic::error(CODE, site.field("Resource"), message).with_help(help));
        }
        let Invoked::Function(Function { qualifier: Some(qualifier), .. }) = site.lambda else { continue };
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_legal = qualifier == "$LATEST" || (!qualifier.is_empty() && qualifier.bytes().all(is_word));
        if !is_legal && !has_placeholder(qualifier) {
            let message = format!(
                "found `{qualifier}` as the function's version or alias, expected letters and digits"
            );
            let help = "write a version's number, an alias or `$LATEST`, or drop the last colon";
            found.push(Diagnostic::error(CODE, site.field("Resource"), message).with_help(help));
        }
    }
}

fn check_map(site: &Site<'_>, map: &Map, found: &mut Vec<Diagnostic>) {
    let mut check = |part: &str, resource: &str, known: &[&str], what: &str| {
        if has_placeholder(resource) || s3_action(resource).is_some_and(|action| known.contains(&action)) {
            return;
        }
        let arns: Vec<_> = known.iter().map(|action| format!("arn:aws:states:::s3:{action}")).collect();
        let arns: Vec<_> = arns.iter().map(String::as_str).collect();
        let pointer = site.pointer().join(part).join("Resource");
        let message = format!("found `{resource}`, which {what}");
        let help = match nearest(resource, arns.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write {}", listed(&arns)),
        };
        found.push(Diagnostic::error(CODE, pointer, message).with_help(help));
    };
    if let Some(reader) = &map.item_reader {
        check("ItemReader", &reader.resource, &READERS, "reads no items");
    }
    if let Some(resource) = map.result_writer.as_ref().and_then(|writer| writer.resource.as_deref()) {
        check("ResultWriter", resource, &[WRITER], "writes no results");
    }
}
