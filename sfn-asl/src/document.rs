//! The text of a definition: its values, each with its place, in JSON or YAML.
//! Separate from the model because a text has what a State Machine has not: lines, spellings, an order of fields, and
//! faults that keep it from being read.

mod cloudformation;
mod comments;
mod edit;
mod fault;
mod json;
mod offset;
mod place;
mod substitutions;
mod template;
mod tree;
mod write;
mod yaml;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::rules::{invalid_json, invalid_yaml};
use crate::text::Lines;
use crate::validate::judge;
use crate::wire::{Reading, Wire};
use crate::{Diagnostic, Location, Options, Place, Pointer, ReadError, Severity, StateMachine, Value};

pub(crate) use comments::Comments;
pub use edit::EditError;
pub(crate) use fault::{Step, pointer};
pub(crate) use json::plain_length;
pub use template::Embedded;
pub(crate) use tree::{Children, Kind, Mark, Marks, NodeRef, Text, Tree};
pub(crate) use write::{json, yaml};

/// The text of a definition, read as far as values go.
///
/// A document remembers where each of its values stands, so that what is found in the State Machine can be shown in
/// the text.
///
/// ```
/// use sfn_asl::{Document, Format, Options};
///
/// let text = r#"{"StartAt": "Pay", "States": {"Done": {"Type": "Succeed"}}}"#;
/// let document = Document::parse(text, Format::Json)?;
/// let found = document.lint(&Options::STANDARD);
/// assert_eq!(found[0].code.as_str(), "missing-target");
/// let bytes = document.locate(&found[0].place).expect("the value is in the text");
/// assert_eq!(&text[bytes], "\"Pay\"");
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    format: Format,
    tree: Tree,
    lookup: place::Lookup,
    /// Where in the text the definition is, if the text is a template.
    at: Pointer,
    /// The template around it, if the text is a string there.
    outer: Option<Arc<template::Outer>>,
    /// What a template puts in the place of names, if it says so.
    substitutions: Option<Arc<Vec<String>>>,
}

/// What a definition is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON, in which a bare `${Name}` may stand for a value that is put in later.
    Json,
    /// YAML 1.2, with the short tags of CloudFormation.
    Yaml,
}

impl Format {
    /// The format of a file, by its name: `.json`, `.yaml` or `.yml`.
    ///
    /// ```
    /// use sfn_asl::Format;
    ///
    /// assert_eq!(Format::of_file_name("order.asl.yaml"), Some(Format::Yaml));
    /// assert_eq!(Format::of_file_name("README.md"), None);
    /// ```
    pub fn of_file_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// The format of a text: JSON where it begins as an object or an array does, YAML otherwise.
    ///
    /// ```
    /// use sfn_asl::Format;
    ///
    /// assert_eq!(Format::of_text("\n{\"StartAt\": \"A\"}"), Format::Json);
    /// assert_eq!(Format::of_text("StartAt: A"), Format::Yaml);
    /// ```
    pub fn of_text(text: &str) -> Self {
        let begin = text.trim_start_matches(|first: char| first.is_whitespace() || first == '\u{feff}');
        if begin.is_empty() || begin.starts_with(['{', '[']) { Self::Json } else { Self::Yaml }
    }
}

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// All that keeps the text from being read, each with its place.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// let error = Document::parse("{\"StartAt\": \"Pay\",\n}", Format::Json).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "line 2, column 1, `/`: found `}`, expected a field's name in double quotes"
    /// );
    /// ```
    pub fn parse(text: impl Into<Arc<str>>, format: Format) -> Result<Self, ReadError> {
        let text = text.into();
        if text.len() > tree::MAX_BYTES {
            let message =
                format!("the text has {} bytes, at most {} can be read", text.len(), tree::MAX_BYTES);
            let fault = fault::syntax(invalid_json::CODE, Pointer::root(), message, 0..0);
            return Err(ReadError::in_text("", vec![fault]));
        }
        let tree = match format {
            Format::Json => json::parse(&text),
            Format::Yaml => yaml::parse(&text),
        };
        match tree {
            Ok(tree) => Ok(Self {
                format,
                tree,
                lookup: place::Lookup::default(),
                at: Pointer::root(),
                outer: None,
                substitutions: None,
            }),
            Err(faults) => Err(ReadError::in_text(&text, faults)),
        }
    }

    /// Reads bytes, which must be UTF-8.
    ///
    /// # Errors
    /// All that keeps the text from being read, each with its place.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// let error = Document::parse_bytes(b"{\n\"A\": \"\xff\"}", Format::Json).unwrap_err();
    /// assert_eq!(error.to_string(), "line 2, column 7, `/`: found the byte 0xFF, expected UTF-8");
    /// ```
    pub fn parse_bytes(bytes: &[u8], format: Format) -> Result<Self, ReadError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text, format),
            Err(error) => {
                let at = error.valid_up_to();
                let readable = String::from_utf8_lossy(&bytes[..at]);
                let message = format!("found the byte 0x{:02X}, expected UTF-8", bytes[at]);
                let (diagnostic, bytes) = fault::syntax(invalid_json::CODE, Pointer::root(), message, at..at);
                let fault = (diagnostic.with_help("save the file as UTF-8"), bytes);
                Err(ReadError::in_text(&readable, vec![fault]))
            }
        }
    }

    /// The text that was read, in which every place is; of a definition within a template, the template's.
    pub fn text(&self) -> &str {
        self.outer.as_ref().map_or(self.source(), |outer| outer.text())
    }

    /// What the text is written in.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The values of the text, in the author's order.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// let document = Document::parse("{\"States\": {}, \"StartAt\": \"\"}", Format::Json)?;
    /// assert_eq!(document.to_value().to_string(), r#"{"States":{},"StartAt":""}"#);
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn to_value(&self) -> Value {
        self.root().to_value()
    }

    /// The values as JSON text, in the author's order, numbers as the author spelled them. Comments are not carried
    /// over.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// let document = Document::parse("States: {}\nRate: 1.50 # grows\n", Format::Yaml)?;
    /// assert_eq!(document.to_json(), "{\n  \"States\": {},\n  \"Rate\": 1.50\n}");
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn to_json(&self) -> String {
        write::json(self.root())
    }

    /// The values as YAML text, in the author's order, numbers as the author spelled them. Comments are not carried
    /// over.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// let document = Document::parse(r#"{"Next": "Pay", "Output": "{% $x %}"}"#, Format::Json)?;
    /// assert_eq!(document.to_yaml(), "Next: Pay\nOutput: '{% $x %}'\n");
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn to_yaml(&self) -> String {
        write::yaml(self.root())
    }

    /// The definition in canonical form: fields in the specification's order, as [`StateMachine::to_json_pretty`] and
    /// [`StateMachine::to_yaml`] write it, with a newline at the end. Comments stay with the values they stand with.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// let text = "# pays\nStates: {Pay: {End: true, Type: Pass}} # one\nStartAt: Pay";
    /// let document = Document::parse(text, Format::Yaml)?;
    /// assert_eq!(
    ///     document.to_canonical()?,
    ///     "StartAt: Pay\n# pays\nStates: # one\n  Pay:\n    Type: Pass\n    End: true\n"
    /// );
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// All that keeps the text from being a State Machine, each with its place; or a comment that stands where
    /// canonical form has no place for it.
    pub fn to_canonical(&self) -> Result<String, ReadError> {
        let machine = self.machine()?;
        if self.format == Format::Json {
            return Ok(machine.to_json_pretty() + "\n");
        }
        let tree = Tree::of(&machine.to_value());
        let written = write::yaml_with(tree.root(), &Comments::of(self));
        let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
        for bytes in yaml::comments(&written) {
            *kept.entry(written[bytes].trim_end()).or_default() += 1;
        }
        let is_lost = |bytes: &Range<usize>| match kept.get_mut(self.source()[bytes.clone()].trim_end()) {
            Some(times) if *times > 0 => {
                *times -= 1;
                false
            }
            _ => true,
        };
        match yaml::comments(self.source()).into_iter().find(is_lost) {
            Some(lost) => {
                let message = "canonical form has no place for this comment";
                let (fault, bytes) = fault::syntax(invalid_yaml::CODE, Pointer::root(), message, lost);
                let help = "put it on a line of its own, before a field or an element";
                Err(ReadError::in_text(self.text(), vec![(fault.with_help(help), bytes)]))
            }
            None => Ok(written),
        }
    }

    /// The State Machine that the text means.
    ///
    /// # Errors
    /// All that keeps the text from being a State Machine, each with its place.
    pub fn machine(&self) -> Result<StateMachine, ReadError> {
        let (machine, faults) = self.read();
        match machine {
            Some(machine) if faults.is_empty() => Ok(machine),
            _ => Err(self.read_error(faults)),
        }
    }

    /// Everything that is wrong with the definition: what keeps it from being a State Machine, and what
    /// [`validate`](crate::validate) finds in the rest of it.
    ///
    /// ```
    /// use sfn_asl::{Document, Format, Options};
    ///
    /// let text = r#"{"StartAt": "A", "States": {
    ///     "A": {"Type": "Pass", "Comment": 1, "Next": "B"},
    ///     "B": {"Type": "Wait", "Seconds": -1, "End": true}}}"#;
    /// let found = Document::parse(text, Format::Json)?.lint(&Options::STANDARD);
    /// let codes: Vec<_> = found.iter().map(|fault| fault.code.as_str()).collect();
    /// assert_eq!(codes, ["wrong-type", "timeout-range"]);
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn lint(&self, options: &Options) -> Vec<Diagnostic> {
        let (machine, mut faults) = self.read();
        faults.extend(substitutions::faults(self));
        let Some(machine) = machine else { return faults };
        let bound = self.size_at_most().filter(|size| *size <= options.max_definition_bytes);
        let mut found = judge(&machine, options, bound.unwrap_or_else(|| machine.length()));
        if faults.iter().any(|fault| fault.severity == Severity::Error) {
            let broken: HashSet<String> = faults.iter().map(state_of).collect();
            found.retain(|fault| {
                !ABOUT_WAYS.contains(&fault.code.as_str()) && !broken.contains(&state_of(fault))
            });
        }
        options.apply_levels(&mut faults);
        faults.append(&mut found);
        faults
    }

    /// As much of the State Machine as can be read, and what is in the way of the rest.
    fn read(&self) -> (Option<StateMachine>, Vec<Diagnostic>) {
        read(self.root())
    }

    /// A bound on how many bytes the definition takes without blanks, if the text gives one: in JSON only numbers may
    /// be spelled in fewer bytes than the service's way of writing them takes.
    fn size_at_most(&self) -> Option<usize> {
        const LONGEST_NUMBER: usize = 25;
        (self.format == Format::Json).then(|| self.source().len() + LONGEST_NUMBER * self.tree.len())
    }

    fn read_error(&self, faults: Vec<Diagnostic>) -> ReadError {
        let locate = |fault: Diagnostic| {
            let bytes = self.highlight(&fault.place);
            (fault, bytes)
        };
        ReadError::in_text(self.text(), faults.into_iter().map(locate).collect())
    }

    /// The line and column of a byte of the text.
    pub fn location(&self, offset: usize) -> Location {
        Lines::new(self.text()).location(offset)
    }

    /// The bytes of the value that a place in the definition means; nothing when the text has no such value.
    ///
    /// ```
    /// use sfn_asl::{Document, Format, Place, Pointer};
    ///
    /// let text = r#"{"StartAt": "P\u0061y", "States": {}}"#;
    /// let document = Document::parse(text, Format::Json)?;
    /// let pointer = Pointer::root().join("StartAt");
    /// let whole = document.locate(&pointer.clone().into()).expect("it is there");
    /// assert_eq!(&text[whole], r#""P\u0061y""#);
    /// let part = document.locate(&Place::Definition { pointer, span: Some(1..2) }).expect("it is there");
    /// assert_eq!(&text[part], r"\u0061");
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn locate(&self, place: &Place) -> Option<Range<usize>> {
        place::locate(self, place).map(|bytes| self.outward(bytes))
    }

    /// The bytes to mark for a place in the definition: the value, or its name where the value is an object or an
    /// array, or the nearest of what is around it where the text has no such value.
    ///
    /// ```
    /// use sfn_asl::{Document, Format, Pointer};
    ///
    /// let text = r#"{"StartAt": "Pay", "States": {"Pay": {}}}"#;
    /// let document = Document::parse(text, Format::Json)?;
    /// let missing = Pointer::root().join("States").join("Pay").join("Type");
    /// assert_eq!(&text[document.highlight(&missing.into())], "\"Pay\"");
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn highlight(&self, place: &Place) -> Range<usize> {
        self.outward(place::highlight(self, place))
    }

    /// Where the first comment begins, if there is any; only YAML can have some.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// assert_eq!(Document::parse("A: 1 # one", Format::Yaml)?.first_comment(), Some(5));
    /// assert_eq!(Document::parse("A: 'no # comment'", Format::Yaml)?.first_comment(), None);
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn first_comment(&self) -> Option<usize> {
        let comments = (self.format == Format::Yaml).then(|| yaml::comments(self.source()));
        comments.into_iter().flatten().next().map(|bytes| bytes.start)
    }

    /// Whether values are put in later: a bare `${Name}`, or a function of CloudFormation.
    ///
    /// ```
    /// use sfn_asl::{Document, Format};
    ///
    /// assert!(Document::parse(r#"{"Seconds": ${seconds}}"#, Format::Json)?.has_placeholders());
    /// assert!(!Document::parse(r#"{"Resource": "${FunctionArn}"}"#, Format::Json)?.has_placeholders());
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn has_placeholders(&self) -> bool {
        (0..self.tree.len()).any(|index| self.tree.node(index).is_opaque())
    }

    fn outward(&self, bytes: Range<usize>) -> Range<usize> {
        match &self.outer {
            Some(outer) => outer.range(&bytes),
            None => bytes,
        }
    }

    fn root(&self) -> NodeRef<'_> {
        self.tree.root()
    }

    /// The definition's own text, within a template too.
    fn source(&self) -> &str {
        self.tree.source()
    }
}

/// The rules about the ways through a State Machine: where a part of it cannot be read, they see ways that are not there.
const ABOUT_WAYS: [&str; 5] =
    ["missing-target", "unreachable-state", "no-way-out", "empty-list", "unassigned-variable"];

/// The innermost State that a fault is in, as the text of its pointer; of none, nothing.
fn state_of(fault: &Diagnostic) -> String {
    let pointer = fault.pointer().map(Pointer::as_str).unwrap_or_default();
    let Some(at) = pointer.rfind("/States/") else { return String::new() };
    let name = at + "/States/".len();
    pointer[name..].find('/').map_or(pointer, |length| &pointer[..name + length]).to_owned()
}

/// As much of a State Machine as can be read, and what is in the way of the rest.
pub(crate) fn read(root: NodeRef<'_>) -> (Option<StateMachine>, Vec<Diagnostic>) {
    let mut reading = Reading::new(root);
    let machine = StateMachine::read(root, &mut reading);
    (machine, reading.faults)
}

/// Whether a string has a place where a value is put in later.
pub(crate) fn has_placeholder(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair == b"${")
}

/// Whether a string is nothing but one `${Name}`, to be put in later.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| !name.contains(['{', '}']))
}
