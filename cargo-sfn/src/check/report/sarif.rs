//! For code scanning: SARIF 2.1.0. Apart from the other formats, because its form is a standard's.

use super::{File, Found, InFile, Judged, each, region};
use serde_json::{Value, json};
use sfn_asl::{Severity, rules};
use std::ops::Range;

/// The log.
pub(crate) fn sarif(judged: &[Judged]) -> String {
    let described = rules().iter().map(|rule| {
        json!({
            "id": rule.code.as_str(),
            "shortDescription": { "text": rule.what },
            "fullDescription": { "text": rule.why },
            "help": { "text": rule.instead },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-sfn",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": described.collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": each(judged).map(|(file, found)| result(file, found)).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn result(file: &File, found: &Found) -> Value {
    let fault = &found.diagnostic;
    let text = match &fault.help {
        Some(help) => format!("{}; {help}", fault.message),
        None => fault.message.clone(),
    };
    let shown = InFile { file, found };
    let related = fault.notes.iter().filter_map(|note| {
        let mut location = location(file, &shown.bytes(note.place.as_ref()?));
        location["message"] = json!({ "text": note.message });
        Some(location)
    });
    let mut primary = location(file, &found.bytes);
    primary["logicalLocations"] =
        json!([{ "fullyQualifiedName": fault.place.to_string(), "kind": "member" }]);
    let mut result = json!({
        "ruleId": fault.code.as_str(),
        "level": level(fault.severity),
        "message": { "text": text },
        "locations": [primary],
        "relatedLocations": related.collect::<Vec<_>>(),
    });
    if let Some(index) = rules().iter().position(|rule| rule.code == fault.code) {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn location(file: &File, bytes: &Range<usize>) -> Value {
    let (start, end) = region(file, bytes);
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&file.path) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    })
}

/// A path as a reference, in which few characters stand for themselves.
fn uri(path: &str) -> String {
    let written = |byte: u8| match byte {
        b'\\' => "/".to_owned(),
        b'/' | b'.' | b'_' | b'-' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(written).collect()
}
