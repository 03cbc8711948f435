//! `invalid-value`: a word that the language does not have at that place.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::document::has_placeholder;
use crate::nearest::listed;
use crate::survey::Survey;
use crate::{Code, Diagnostic, Edit, Place, Pointer, Severity, State, Value};

pub(crate) const CODE: Code = Code::new("invalid-value");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A word the language does not have at its place: a State type, a Query Language, a `Mode`, a \
           `JitterStrategy`, an `InputType`; a `Version` other than `1.0` (a warning).",
    why: "The service refuses the definition.",
    instead: "Write one of the words that the message lists; case counts.",
    invalid: &[
        Example::new("/States/A/Type", r#"{"StartAt": "A", "States": {"A": {"Type": "task", "End": true}}}"#),
        Example::new(
            "/QueryLanguage",
            r#"{"QueryLanguage": "Jsonata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/Version",
            r#"{"Version": "2.0", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Each/ItemReader/ReaderConfig/InputType",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "csv"},
                    "Parameters": {"Bucket": "b", "Key": "k"}},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#],
    check: Check::Machine(check),
};

/// Words that are read as any text; those that are types of the model were judged by reading.
fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    let version = survey.machine.version.as_deref();
    check_word(version, &["1.0"], Severity::Warning, || Pointer::root().join("Version"), found);
    for scope in survey.scopes.iter().filter(|scope| scope.machine.states.contains_key("")) {
        let message = "found a State without a name";
        let fault = Diagnostic::error(CODE, Place::Name(scope.pointer.state("")), message);
        found.push(fault.with_help("give it a name of 1 to 80 characters"));
    }
    for site in &survey.sites {
        let State::Map(map) = site.state else { continue };
        let mut check = |fields: [&str; 3], word: &Option<String>, known: &[&str]| {
            let pointer = || fields.iter().fold(site.pointer(), |pointer, field| pointer.join(field));
            check_word(word.as_deref(), known, Severity::Error, pointer, found);
        };
        if let Some(config) = map.item_reader.as_ref().and_then(|reader| reader.reader_config.as_ref()) {
            let at = |field| ["ItemReader", "ReaderConfig", field];
            let delimiters = ["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"];
            check(at("InputType"), &config.input_type, &["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]);
            check(at("ManifestType"), &config.manifest_type, &["S3_INVENTORY", "ATHENA_DATA"]);
            check(at("Transformation"), &config.transformation, &["NONE", "LOAD_AND_FLATTEN"]);
            check(at("CSVHeaderLocation"), &config.csv_header_location, &["FIRST_ROW", "GIVEN"]);
            check(at("CSVDelimiter"), &config.csv_delimiter, &delimiters);
        }
        if let Some(config) = map.result_writer.as_ref().and_then(|writer| writer.writer_config.as_ref()) {
            let at = |field| ["ResultWriter", "WriterConfig", field];
            check(at("Transformation"), &config.transformation, &["NONE", "COMPACT", "FLATTEN"]);
            check(at("OutputType"), &config.output_type, &["JSON", "JSONL"]);
        }
    }
}

fn check_word(
    word: Option<&str>,
    known: &[&str],
    severity: Severity,
    pointer: impl Fn() -> Pointer,
    found: &mut Vec<Diagnostic>,
) {
    let Some(word) = word.filter(|word| !known.contains(word) && !has_placeholder(word)) else { return };
    let message = format!("found `{word}`, expected {}", listed(known));
    let report = Diagnostic { severity, ..Diagnostic::error(CODE, pointer(), message) };
    let near = known.iter().find(|known| known.eq_ignore_ascii_case(word));
    found.push(match near {
        Some(near) => report
            .with_help(format!("write `{near}`: case counts"))
            .with_fix(Edit::Replace { pointer: pointer(), value: Value::from(*near) }),
        None => report.with_help("write one of the words that are known"),
    });
}
