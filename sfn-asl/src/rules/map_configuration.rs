//! `map-configuration`: fields of an Item Reader or a Result Writer that need each other.
//! Separate because every rule has a file of its own.

use super::item_source::s3_action;
use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, ItemReader, Pointer, QueryLanguage, ResultWriter, Severity, State};

/// A Map State with a `ReaderConfig`.
macro_rules! reader {
    ($config:literal) => {
        concat!(
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 5,
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": "#,
            $config,
            r#", "Parameters": {"Bucket": "b", "Key": "k"}},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#
        )
    };
}

/// A Map State with a `ResultWriter`.
macro_rules! writer {
    ($writer:literal) => {
        concat!(
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 5, "ResultWriter": "#,
            $writer,
            r#", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#
        )
    };
}

const CODE: Code = Code::new("map-configuration");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "An `ItemReader` or a `ResultWriter` that lacks what another of its fields asks for: `CSVHeaderLocation` for \
           CSV, `CSVHeaders` for `GIVEN`, an `InputType` for `LOAD_AND_FLATTEN` and for Athena's manifests, a `Resource` \
           for arguments; an `ItemsPointer` that is no JSON Pointer; an `ItemBatcher` or a `ResultWriter` that says \
           nothing.",
    why: "The Map Run cannot read the items or write the results, or the service refuses the definition.",
    instead: "Add the field that the message names.",
    invalid: &[
        Example::new("/States/Each/ItemReader/ReaderConfig", reader!(r#"{"InputType": "CSV"}"#)),
        Example::new(
            "/States/Each/ItemReader/ReaderConfig",
            reader!(r#"{"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}"#),
        ),
        Example::new(
            "/States/Each/ItemReader/ReaderConfig/ItemsPointer",
            reader!(r#"{"InputType": "JSON", "ItemsPointer": "$.orders"}"#),
        ),
        Example::new("/States/Each/ItemReader/ReaderConfig", reader!(r#"{"ManifestType": "ATHENA_DATA"}"#)),
        Example::new("/States/Each/ResultWriter", writer!("{}")),
        Example::new(
            "/States/Each/ResultWriter",
            writer!(r#"{"Parameters": {"Bucket": "b"}, "WriterConfig": {"Transformation": "COMPACT"}}"#),
        ),
    ],
    valid: &[
        reader!(
            r#"{"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["id"], "CSVDelimiter": "TAB"}"#
        ),
        reader!(r#"{"InputType": "JSON", "ItemsPointer": "/orders/0"}"#),
        reader!(r#"{"InputType": "MANIFEST", "ManifestType": "S3_INVENTORY"}"#),
        writer!(r#"{"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSON"}}"#),
        writer!(
            r#"{"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix.$": "$.p"}}"#
        ),
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let State::Map(map) = site.state else { continue };
        if let Some(reader) = &map.item_reader {
            check_reader(reader, &site.pointer().join("ItemReader"), found);
        }
        if let Some(batcher) = &map.item_batcher
            && batcher.max_items_per_batch.is_none()
            && batcher.max_input_bytes_per_batch.is_none()
        {
            let message = "this ItemBatcher does not say how much a batch holds";
            let place = site.pointer().join("ItemBatcher");
            let help = "add `MaxItemsPerBatch` or `MaxInputBytesPerBatch`, or both";
            found.push(Diagnostic::error(CODE, place, message).with_help(help));
        }
        if let Some(writer) = &map.result_writer {
            check_writer(site, writer, &site.pointer().join("ResultWriter"), found);
        }
    }
}

fn check_reader(reader: &ItemReader, pointer: &Pointer, found: &mut Vec<Diagnostic>) {
    let config = reader.reader_config.clone().unwrap_or_default();
    let place = if reader.reader_config.is_some() { pointer.join("ReaderConfig") } else { pointer.clone() };
    let mut report = |place: Pointer, message: &str, help: &str| {
        found.push(Diagnostic::error(CODE, place, message).with_help(help));
    };
    let input_type = config.input_type.as_deref();
    let is_listed = s3_action(&reader.resource) == Some("listObjectsV2");
    let is_loaded = is_listed && config.transformation.as_deref() == Some("LOAD_AND_FLATTEN");
    let is_athena = config.manifest_type.as_deref() == Some("ATHENA_DATA");
    if input_type.is_none() && is_loaded {
        let help = "add `InputType`: `CSV`, `JSON`, `JSONL` or `PARQUET`";
        report(place.clone(), "`LOAD_AND_FLATTEN` loads objects, and nothing says what is in them", help);
    }
    if input_type.is_none() && is_athena && !is_listed {
        let help = "add `InputType`: `CSV`, `JSONL` or `PARQUET`";
        report(place.clone(), "`ATHENA_DATA` names data files, and nothing says what is in them", help);
    }
    let is_read = !is_listed || is_loaded;
    match config.csv_header_location.as_deref() {
        None if input_type == Some("CSV") && is_read => {
            let help = "add `\"CSVHeaderLocation\": \"FIRST_ROW\"`, or `\"GIVEN\"` and `CSVHeaders`";
            report(place, "a CSV file needs `CSVHeaderLocation`, which is missing", help);
        }
        Some("GIVEN") if config.csv_headers.is_empty() => {
            let message = "`CSVHeaderLocation` is `GIVEN`, and no `CSVHeaders` are given";
            report(place, message, "add `CSVHeaders`, or write `FIRST_ROW`");
        }
        _ => {}
    }
    if let Some(items) = config.items_pointer.as_deref().filter(|items| !is_json_pointer(items)) {
        let message = format!("found `{items}`, expected a JSON Pointer");
        let help = "begin it with `/`, as in `/orders/items`";
        report(pointer.join("ReaderConfig").join("ItemsPointer"), &message, help);
    }
}

fn is_json_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/') || text.starts_with("${")
}

fn check_writer(site: &Site<'_>, writer: &ResultWriter, pointer: &Pointer, found: &mut Vec<Diagnostic>) {
    let arguments = match site.language {
        QueryLanguage::Jsonata => ("Arguments", writer.arguments.is_some()),
        QueryLanguage::JsonPath => ("Parameters", writer.parameters.is_some()),
    };
    let (message, help) = match (&writer.resource, arguments, &writer.writer_config) {
        (None, (field, true), _) => (
            format!("`{field}` say where results are written, and no `Resource` writes them"),
            "add `\"Resource\": \"arn:aws:states:::s3:putObject\"`",
        ),
        (None, (_, false), None) => (
            "this ResultWriter says neither where results are written nor how".to_owned(),
            "add `Resource` and where to write, or a `WriterConfig`, or remove it",
        ),
        _ => return,
    };
    found.push(Diagnostic::error(CODE, pointer.clone(), message).with_help(help));
}
