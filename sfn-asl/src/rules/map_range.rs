//! `map-range`: numbers of a Map State that the service does not take.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Map, Operand, Severity, State};

const CODE: Code = Code::new("map-range");

/// The largest count the service takes.
const MAX: i64 = 99_999_999;

/// The largest payload in bytes.
const MAX_BYTES: i64 = 1 << 18;

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A negative `MaxConcurrency` or `ToleratedFailureCount`, a `ToleratedFailurePercentage` outside 0 to 100, a \
           `MaxItems` or `MaxItemsPerBatch` below 1, or a `MaxInputBytesPerBatch` outside 1 to 262,144.",
    why: "The service refuses the definition.",
    instead: "Use a number of the range that the message names; a `MaxConcurrency` of 0 sets no limit.",
    invalid: &[
        Example::new(
            "/States/Each/ToleratedFailurePercentage",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ToleratedFailurePercentage": 101,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
        Example::new(
            "/States/Each/MaxConcurrency",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": -1,
                "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
        Example::new(
            "/States/Each/ItemBatcher/MaxItemsPerBatch",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
                "ItemBatcher": {"MaxItemsPerBatch": 0},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 0,
        "ToleratedFailurePercentage": 0, "ToleratedFailureCount": 0, "ItemBatcher": {"MaxInputBytesPerBatch": 262144},
        "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}, "ReaderConfig": {"MaxItems": 1}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        if let State::Map(map) = site.state {
            check_map(site, map, found);
        }
    }
}

fn check_map(site: &Site<'_>, map: &Map, found: &mut Vec<Diagnostic>) {
    let mut check = |fields: &[&str], number: Option<&Operand<i64>>, least: i64, most: i64| {
        if let Some(Operand::Literal(number)) = number
            && !(least..=most).contains(number)
        {
            found.push(out_of_range(site, fields, &number.to_string(), least, most));
        }
    };
    check(&["MaxConcurrency"], map.max_concurrency.as_ref(), 0, MAX);
    check(&["ToleratedFailureCount"], map.tolerated_failure_count.as_ref(), 0, MAX);
    if let Some(batcher) = &map.item_batcher {
        check(&["ItemBatcher", "MaxItemsPerBatch"], batcher.max_items_per_batch.as_ref(), 1, MAX);
        let bytes = batcher.max_input_bytes_per_batch.as_ref();
        check(&["ItemBatcher", "MaxInputBytesPerBatch"], bytes, 1, MAX_BYTES);
    }
    if let Some(config) = map.item_reader.as_ref().and_then(|reader| reader.reader_config.as_ref()) {
        check(&["ItemReader", "ReaderConfig", "MaxItems"], config.max_items.as_ref(), 1, 100_000_000);
    }
    if let Some(Operand::Literal(percentage)) = map.tolerated_failure_percentage
        && !(0.0..=100.0).contains(&percentage)
    {
        found.push(out_of_range(site, &["ToleratedFailurePercentage"], &percentage.to_string(), 0, 100));
    }
}

fn out_of_range(site: &Site<'_>, fields: &[&str], number: &str, least: i64, most: i64) -> Diagnostic {
    let pointer = fields.iter().fold(site.pointer(), |pointer, field| pointer.join(field));
    let field = fields.last().copied().unwrap_or_default();
    let message = format!("`{field}` is {number}, expected {least} to {most}");
    Diagnostic::error(CODE, pointer, message).with_help("use a number of that range")
}
