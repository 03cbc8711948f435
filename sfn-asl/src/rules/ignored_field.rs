//! `ignored-field`: a field that another one leaves without effect.
//! Separate because every rule has a file of its own.

use super::item_source::s3_action;
use super::{Check, Example, Rule};
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, ItemReader, Place, Severity, State};

const CODE: Code = Code::new("ignored-field");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "`Parameters` beside `Result` in a Pass State, `Assign` or `Output` of a Choice State without `Default`, or \
           a field of a `ReaderConfig` that is about another kind of file.",
    why: "The field has no effect: a Pass State passes its `Result`; a Choice State's own `Assign` and `Output` belong to \
          its `Default`; what a `ReaderConfig` says of CSV counts for CSV.",
    instead: "Keep the field that counts, or add the one that makes this one count.",
    invalid: &[
        Example::new(
            "/States/A/Parameters",
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Parameters": {"x.$": "$.x"}, "Result": 1, "End": true}}}"#,
        ),
        Example::new(
            "/States/A/Output",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Choice", "Output": 1, "Choices": [{"Condition": "{% $states.input.x %}", "Next": "B"}]},
                "B": {"Type": "Succeed"}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Choice", "Output": 1, "Default": "B", "Choices": [
            {"Condition": "{% $states.input.x %}", "Output": 2, "Next": "B"}]},
        "B": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        for (fields, why) in ignored(site) {
            let pointer = fields.iter().fold(site.pointer(), |pointer, field| pointer.join(field));
            let message = format!("`{}` has no effect: {why}", fields.last().copied().unwrap_or_default());
            let help = "remove it, or make it count";
            found.push(Diagnostic::warning(CODE, Place::Name(pointer), message).with_help(help));
        }
    }
}

fn ignored(site: &Site<'_>) -> Vec<(&'static [&'static str], &'static str)> {
    let shared = site.state.shared();
    let mut found: Vec<(&'static [&'static str], _)> = Vec::new();
    match site.state {
        State::Pass(pass) if pass.parameters.is_some() && pass.result.is_some() => {
            found.push((&["Parameters"], "the State passes its `Result`"));
        }
        State::Choice(choice) if choice.default.is_none() => {
            if !shared.assign.is_empty() {
                found.push((&["Assign"], "it belongs to the `Default`, which is not there"));
            }
            if shared.output.is_some() {
                found.push((&["Output"], "it belongs to the `Default`, which is not there"));
            }
        }
        State::Map(map) => {
            if let Some(reader) = &map.item_reader {
                found.extend(ignored_by_reader(reader));
            }
        }
        _ => {}
    }
    found
}

/// What an Item Reader does not look at.
fn ignored_by_reader(reader: &ItemReader) -> Vec<(&'static [&'static str], &'static str)> {
    let Some(config) = &reader.reader_config else { return Vec::new() };
    let is_loaded = config.transformation.as_deref() == Some("LOAD_AND_FLATTEN");
    let action = s3_action(&reader.resource);
    let input_type = config.input_type.as_deref();
    let csv: [(&'static [&'static str], bool); 3] = [
        (&["ItemReader", "ReaderConfig", "CSVHeaderLocation"], config.csv_header_location.is_some()),
        (&["ItemReader", "ReaderConfig", "CSVHeaders"], !config.csv_headers.is_empty()),
        (&["ItemReader", "ReaderConfig", "CSVDelimiter"], config.csv_delimiter.is_some()),
    ];
    let csv = csv.into_iter().filter(|(_, is_present)| *is_present).map(|(field, _)| field);
    let mut found: Vec<(&'static [&'static str], _)> = Vec::new();
    match (action, input_type) {
        (Some("listObjectsV2"), Some(_)) if !is_loaded && config.transformation.is_none() => {
            let why = "the items are what is listed, unless `Transformation` is `LOAD_AND_FLATTEN`";
            found.push((&["ItemReader", "ReaderConfig", "InputType"], why));
        }
        (Some("getObject"), _) if config.transformation.is_some() => {
            found.push((&["ItemReader", "ReaderConfig", "Transformation"], "it is for `s3:listObjectsV2`"));
        }
        _ => {}
    }
    if matches!(input_type, Some("JSON" | "JSONL" | "PARQUET")) {
        found.extend(csv.map(|field| (field, "the items are in no CSV file")));
    } else if config.csv_header_location.as_deref() == Some("FIRST_ROW") && !config.csv_headers.is_empty() {
        let why = "the headers are read from the first row";
        found.push((&["ItemReader", "ReaderConfig", "CSVHeaders"], why));
    }
    if config.items_pointer.is_some() && matches!(input_type, Some("CSV" | "JSONL" | "PARQUET" | "MANIFEST"))
    {
        found.push((&["ItemReader", "ReaderConfig", "ItemsPointer"], "it points into a JSON file"));
    }
    found
}
