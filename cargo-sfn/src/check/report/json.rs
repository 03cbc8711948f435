//! For programs: one JSON document with everything that is known. Apart from SARIF, whose form others have decided.

use super::{File, Found, InFile, Judged, each, region};
use serde_json::{Value, json};
use sfn_asl::{Edit, Place, Severity};
use std::ops::Range;

/// The document.
pub(crate) fn json(judged: &[Judged]) -> String {
    let count = |severity| judged.iter().map(|judged| judged.count(severity)).sum::<usize>();
    let document = json!({
        "formatVersion": 1,
        "definitions": judged.iter().map(|judged| judged.file.definitions.len()).sum::<usize>(),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "advice": count(Severity::Advice),
        "diagnostics": each(judged).map(|(file, found)| diagnostic(file, found)).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn diagnostic(file: &File, found: &Found) -> Value {
    let fault = &found.diagnostic;
    let shown = InFile { file, found };
    let notes = fault.notes.iter().map(|note| {
        let span = note.place.as_ref().map(|place| span(file, &shown.bytes(place)));
        json!({ "message": note.message, "pointer": note.place.as_ref().map(pointer), "span": span })
    });
    json!({
        "file": file.path,
        "definition": file.definitions[found.definition].name,
        "code": fault.code.as_str(),
        "severity": fault.severity.to_string(),
        "message": fault.message,
        "help": fault.help,
        "pointer": pointer(&fault.place),
        "span": span(file, &found.bytes),
        "notes": notes.collect::<Vec<_>>(),
        "fix": fault.fix.iter().map(edit).collect::<Vec<_>>(),
    })
}

fn pointer(place: &Place) -> String {
    match place {
        Place::Definition { pointer, .. } | Place::Name(pointer) => pointer.to_string(),
        Place::Rust(origin) => origin.to_string(),
    }
}

fn span(file: &File, bytes: &Range<usize>) -> Value {
    let (start, end) = region(file, bytes);
    json!({
        "start": { "line": start.line, "column": start.column, "offset": bytes.start },
        "end": { "line": end.line, "column": end.column, "offset": bytes.end },
    })
}

fn edit(edit: &Edit) -> Value {
    let pointer = edit.pointer().as_str();
    match edit {
        Edit::Insert { value, .. } => json!({ "insert": pointer, "value": value }),
        Edit::Replace { value, .. } => json!({ "replace": pointer, "value": value }),
        Edit::Remove { .. } => json!({ "remove": pointer }),
        Edit::Rename { name, .. } => json!({ "rename": pointer, "name": name }),
        Edit::MoveToEnd { .. } => json!({ "moveToEnd": pointer }),
    }
}
