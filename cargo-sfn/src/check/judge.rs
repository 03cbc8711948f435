//! One file, judged: its definitions and what is wrong with each. Apart from the reports, because all of them say the same in
//! different words.

use super::files::{self, FilesError, Source};
use sfn_asl::{Diagnostic, Document, ExecutionType, Format, Options, Place, Pointer, ReadError, Severity};
use sfn_core::emit::{Excerpt, Excerpts};
use std::ops::Range;
use std::sync::Arc;

/// A file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    /// The text, as far as it is one.
    pub(crate) text: Arc<str>,
    /// What it is written in.
    pub(crate) format: Format,
    /// The definitions it holds.
    pub(crate) definitions: Vec<Definition>,
}

/// A definition in a file.
#[derive(Debug)]
pub(crate) struct Definition {
    /// What the template calls it, if the file is a template.
    pub(crate) name: Option<String>,
    /// The kind of executions that the template says it is for; a definition by itself says nothing of it.
    pub(crate) kind: Option<ExecutionType>,
    pub(crate) document: Result<Document, ReadError>,
}

/// A file, with what is wrong with it.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) file: File,
    pub(crate) found: Vec<Found>,
}

/// One fault of a definition.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) diagnostic: Diagnostic,
    /// The number of the definition in its file.
    pub(crate) definition: usize,
    /// The bytes of the file that show it.
    pub(crate) bytes: Range<usize>,
}

impl Judged {
    /// How many faults of that severity there are.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|found| found.diagnostic.severity == severity).count()
    }
}

/// Reads and judges a file.
pub(crate) fn judge(
    source: &Source,
    options: &Options,
    is_express: bool,
    deny_warnings: bool,
) -> Result<Judged, FilesError> {
    let mut judged = read(source)?;
    for (index, definition) in judged.file.definitions.iter().enumerate() {
        judged.found.extend(definition.judge(index, options, is_express));
    }
    for found in &mut judged.found {
        if deny_warnings && found.diagnostic.severity == Severity::Warning {
            found.diagnostic.severity = Severity::Error;
        }
    }
    judged.found.sort_by_key(|found| (found.bytes.start, std::cmp::Reverse(found.diagnostic.severity)));
    Ok(judged)
}

/// Reads a file; nothing in it is judged.
pub(crate) fn read(source: &Source) -> Result<Judged, FilesError> {
    let bytes = source.read()?;
    let path = source.path().display().to_string();
    let is_found = matches!(source, Source::Found(_));
    let format = source.format(&bytes);
    let is_named = !is_found || files::is_definition_by_name(source.path());
    if !is_named && !files::may_hold_definition(&bytes) {
        return Ok(Judged {
            file: File { path, text: "".into(), format, definitions: Vec::new() },
            found: Vec::new(),
        });
    }
    let (text, document) = match str::from_utf8(&bytes) {
        Ok(text) => {
            let text: Arc<str> = text.into();
            (Arc::clone(&text), Document::parse(text, format))
        }
        Err(_) => (String::from_utf8_lossy(&bytes).into(), Document::parse_bytes(&bytes, format)),
    };
    let definitions = definitions(document, is_named);
    Ok(Judged { file: File { path, text, format, definitions }, found: Vec::new() })
}

/// The definitions of a document: itself, or those of the template it is.
pub(crate) fn definitions(document: Result<Document, ReadError>, is_named: bool) -> Vec<Definition> {
    let whole = |document| Definition { name: None, kind: None, document };
    let Ok(document) = document else { return vec![whole(document)] };
    let embedded = document.definitions();
    let has = |field| document.locate(&Pointer::root().join(field).into()).is_some();
    if !embedded.is_empty() {
        let named = |embedded: sfn_asl::Embedded| Definition {
            name: Some(embedded.name),
            kind: Some(embedded.kind),
            document: embedded.document,
        };
        embedded.into_iter().map(named).collect()
    } else if is_named || (has("StartAt") && has("States")) {
        vec![whole(Ok(document))]
    } else {
        Vec::new()
    }
}

impl Definition {
    /// What is wrong with it.
    pub(crate) fn judge(&self, index: usize, options: &Options, is_express: bool) -> Vec<Found> {
        let mut options = options.clone();
        if !is_express {
            options.kind = self.kind.unwrap_or(ExecutionType::Standard);
        }
        let found = |diagnostic, bytes| Found { diagnostic, definition: index, bytes };
        match &self.document {
            Ok(document) => document
                .lint(&options)
                .into_iter()
                .map(|diagnostic| {
                    let bytes = document.highlight(&diagnostic.place);
                    found(diagnostic, bytes)
                })
                .collect(),
            Err(error) => error
                .faults()
                .iter()
                .map(|fault| found(fault.diagnostic.clone(), fault.bytes.clone().unwrap_or_default()))
                .collect(),
        }
    }
}

/// The excerpts of one fault.
pub(crate) struct InFile<'f> {
    pub(crate) file: &'f File,
    pub(crate) found: &'f Found,
}

impl InFile<'_> {
    /// The bytes of a place, where they are known.
    pub(crate) fn bytes(&self, place: &Place) -> Range<usize> {
        let document = &self.file.definitions[self.found.definition].document;
        match document {
            _ if *place == self.found.diagnostic.place => self.found.bytes.clone(),
            Ok(document) => document.highlight(place),
            Err(_) => self.found.bytes.clone(),
        }
    }
}

impl Excerpts for InFile<'_> {
    fn excerpt(&self, place: &Place) -> Excerpt {
        Excerpt::of(&*self.file.path, &self.file.text, self.bytes(place))
    }
}
