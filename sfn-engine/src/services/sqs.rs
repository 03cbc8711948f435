//! `sqs:sendMessage`: takes any message to any queue and answers as the service does, checksums included.
//! Separate because each service is a file of its own.

use std::fmt::Write;

use md5::{Digest, Md5};
use sfn_asl::Value;

use super::envelope::{JSON, made_up_id, wrap};
use super::fault::{SQS, is_sdk, missing};
use crate::driver::{TaskFailure, TaskRequest};

pub(super) fn send_message(request: &TaskRequest) -> Result<Value, TaskFailure> {
    let argument = |name| request.arguments.get(name).filter(|value| !value.is_null());
    if argument("QueueUrl").is_none() {
        return Err(missing(SQS, request, "QueueUrl"));
    }
    let Some(body) = argument("MessageBody") else { return Err(missing(SQS, request, "MessageBody")) };
    let attributes = argument("MessageAttributes").and_then(checksum_of_attributes);
    let fields = attributes.map(|sum| ("MD5OfMessageAttributes", Value::from(sum))).into_iter().chain([
        ("MD5OfMessageBody", Value::from(hexadecimal(Md5::digest(text(body))))),
        ("MessageId", Value::from(made_up_id(request, "message"))),
    ]);
    let answer: Value = fields.collect();
    if is_sdk(request) {
        return Ok(answer);
    }
    Ok(wrap(&answer, JSON, &answer.to_string(), request))
}

/// What travels: text as it is, anything else as JSON text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The checksum SQS documents: every part with its length in front, attributes in the order of their names.
fn checksum_of_attributes(attributes: &Value) -> Option<String> {
    let mut attributes: Vec<_> = attributes.as_object()?.iter().collect();
    if attributes.is_empty() {
        return None;
    }
    attributes.sort_by_key(|(name, _)| (*name).clone());
    let mut sum = Md5::new();
    let part = |sum: &mut Md5, bytes: &[u8]| {
        sum.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        sum.update(bytes);
    };
    for (name, attribute) in attributes {
        let of = |field| attribute.get(field).map(text).unwrap_or_default();
        let data_type = of("DataType");
        part(&mut sum, name.as_bytes());
        part(&mut sum, data_type.as_bytes());
        let (kind, value) =
            if data_type.starts_with("Binary") { (2, "BinaryValue") } else { (1, "StringValue") };
        sum.update([kind]);
        part(&mut sum, of(value).as_bytes());
    }
    Some(hexadecimal(sum.finalize()))
}

fn hexadecimal(bytes: impl IntoIterator<Item = u8>) -> String {
    bytes.into_iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
