//! Edits made in the text of a definition: what they do not touch stays as the author wrote it, comments included.
//! Separate from the edits themselves because rules say what changes, and only a text knows commas and indentation.

use std::fmt;
use std::ops::Range;

use super::tree::{Kind, NodeRef};
use super::write::{json_string, yaml_name};
use super::{Document, Format};
use crate::{Edit, Pointer, ReadError, Value};

/// Why an edit cannot be made in a text.
#[derive(Debug, Clone, PartialEq)]
pub enum EditError {
    /// The text has no value at that place.
    NoSuchPlace(Pointer),
    /// What is to change is written in a way that cannot be changed in place: through an alias, as a function, or
    /// within a string whose text is put together or wrapped.
    NotWrittenThere(Pointer),
    /// The edited text would not be read any more.
    Broken(ReadError),
}

impl fmt::Display for EditError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchPlace(pointer) => write!(formatter, "there is nothing at `{pointer}`"),
            Self::NotWrittenThere(pointer) => {
                write!(
                    formatter,
                    "what is at `{pointer}` is not written there, but through an alias, a function or a wrapped string"
                )
            }
            Self::Broken(error) => write!(formatter, "the edited text cannot be read: {error}"),
        }
    }
}

impl std::error::Error for EditError {}

/// Bytes of the text, and what takes their place.
pub(super) type Replacement = (Range<usize>, String);

/// A text with replacements made, which are in the order of the text.
pub(super) fn replaced(text: &str, replacements: &[Replacement]) -> String {
    let mut text = text.to_owned();
    for (bytes, new) in replacements.iter().rev() {
        text.replace_range(bytes.clone(), new);
    }
    text
}

impl Document {
    /// The document with edits made in its text, one after the other.
    ///
    /// # Errors
    /// An edit is about a place the text does not have, or cannot be made there.
    ///
    /// ```
    /// use sfn_asl::{Document, Edit, Format, Pointer, Value};
    ///
    /// let document = Document::parse("Pay: # charges\n  Type: Pass\n  Next: Ship\n", Format::Yaml)?;
    /// let pay = Pointer::root().join("Pay");
    /// let edited = document.edit(&[
    ///     Edit::Remove { pointer: pay.join("Next") },
    ///     Edit::Insert { pointer: pay.join("End"), value: Value::from(true) },
    /// ])?;
    /// assert_eq!(edited.text(), "Pay: # charges\n  Type: Pass\n  End: true\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn edit(&self, edits: &[Edit]) -> Result<Self, EditError> {
        edits.iter().try_fold(self.clone(), |document, edit| {
            let replacements = document.replacements(edit)?;
            let text = replaced(document.source(), &replacements);
            if let Some(outer) = &document.outer {
                let edited = outer.edit(&replacements, &text).map_err(EditError::Broken)?;
                return edited.ok_or_else(|| EditError::NotWrittenThere(edit.pointer().clone()));
            }
            let edited = Self::parse(text, document.format).map_err(EditError::Broken)?;
            edited.inline(&document.at).ok_or_else(|| EditError::NoSuchPlace(document.at.clone()))
        })
    }

    /// What an edit changes, in the order of the text.
    fn replacements(&self, edit: &Edit) -> Result<Vec<Replacement>, EditError> {
        let pointer = edit.pointer();
        let tokens: Vec<String> = pointer.tokens().collect();
        let Some((last, path)) = tokens.split_last() else {
            return Err(EditError::NoSuchPlace(pointer.clone()));
        };
        let missing = || EditError::NoSuchPlace(pointer.clone());
        let mut parent = self.root();
        for token in path {
            let child = parent.below(token).ok_or_else(missing)?;
            if !contains(&parent.span(), &child.span()) || parent.is_opaque() {
                return Err(EditError::NotWrittenThere(pointer.clone()));
            }
            parent = child;
        }
        let siblings = Siblings::new(self, parent).ok_or_else(missing)?;
        let at = siblings.position(last);
        if let Edit::Insert { value, .. } = edit {
            let index = match parent.kind() {
                Kind::Array(_) => last.parse().map_err(|_| missing())?,
                _ if at.is_some() => return Err(missing()),
                _ => siblings.nodes.len(),
            };
            return siblings.insert(index, last, value).ok_or_else(missing);
        }
        let at = at.ok_or_else(missing)?;
        if siblings.nodes.iter().any(|node| !contains(&parent.span(), &node.span())) {
            return Err(EditError::NotWrittenThere(pointer.clone()));
        }
        Ok(match edit {
            Edit::Replace { value, .. } => vec![(siblings.nodes[at].span(), self.written(value))],
            Edit::Rename { name, .. } => vec![(siblings.nodes[at].name_span(), self.written_name(name))],
            Edit::Remove { .. } => vec![siblings.remove(at)],
            Edit::MoveToEnd { .. } => siblings.rotate(at),
            Edit::Insert { .. } => Vec::new(),
        })
    }

    fn written(&self, value: &Value) -> String {
        match (self.format, value) {
            (Format::Yaml, Value::String(text)) => yaml_name(text),
            _ => value.to_string(),
        }
    }

    fn written_name(&self, name: &str) -> String {
        match self.format {
            Format::Json => json_string(name),
            Format::Yaml => yaml_name(name),
        }
    }

    /// Where the line ends in which a byte stands.
    fn line_end(&self, at: usize) -> usize {
        self.source()[at..].find('\n').map_or(self.source().len(), |length| at + length)
    }

    fn line_start(&self, at: usize) -> usize {
        self.source()[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The children of a container, and how they stand in the text.
struct Siblings<'d> {
    document: &'d Document,
    parent: NodeRef<'d>,
    nodes: Vec<NodeRef<'d>>,
    is_object: bool,
    /// Whether they stand between brackets, with commas.
    is_flow: bool,
}

impl<'d> Siblings<'d> {
    fn new(document: &'d Document, parent: NodeRef<'d>) -> Option<Self> {
        let (children, is_object) = match parent.kind() {
            Kind::Array(children) => (children, false),
            Kind::Object(children) => (children, true),
            _ => return None,
        };
        let nodes: Vec<_> = parent.children(children).collect();
        let is_flow = document.source()[parent.span().start..].starts_with(['{', '[']);
        Some(Self { document, parent, nodes, is_object, is_flow })
    }

    fn position(&self, token: &str) -> Option<usize> {
        if self.is_object {
            return self.nodes.iter().position(|node| node.name() == token);
        }
        token.parse().ok().filter(|index| *index < self.nodes.len())
    }

    /// Where a child begins: at its name or, in an array, at itself.
    fn start(&self, index: usize) -> usize {
        let node = self.nodes[index];
        if self.is_object { node.name_span().start } else { node.span().start }
    }

    fn insert(&self, index: usize, name: &str, value: &Value) -> Option<Vec<Replacement>> {
        let document = self.document;
        let mut new = document.written(value);
        if self.is_object {
            new = format!("{}: {new}", document.written_name(name));
        }
        let Some(last) = self.nodes.last() else {
            let inside = self.parent.span().start + 1;
            return self.is_flow.then(|| vec![(inside..inside, new)]);
        };
        if index < self.nodes.len() {
            let start = self.start(index);
            return Some(if self.is_flow {
                vec![(start..start, format!("{new},{}", self.gap(index)))]
            } else {
                let dash = self.dash(start);
                let column = " ".repeat(dash - document.line_start(dash));
                vec![(dash..dash, format!("- {new}\n{column}"))]
            });
        }
        let end = last.span().end;
        if self.is_flow {
            return Some(vec![(end..end, format!(",{}{new}", self.gap(self.nodes.len() - 1)))]);
        }
        let start = self.start(self.nodes.len() - 1);
        let start = if self.is_object { start } else { self.dash(start) };
        let column = " ".repeat(document.source()[document.line_start(start)..start].chars().count());
        let dash = if self.is_object { "" } else { "- " };
        let end = document.line_end(end);
        Some(vec![(end..end, format!("\n{column}{dash}{new}"))])
    }

    /// The blanks before a child between brackets, as its neighbours have them.
    fn gap(&self, index: usize) -> &'d str {
        let start = self.start(index);
        let before = &self.document.source()[..start];
        let gap = &before[before.trim_end().len()..];
        if gap.is_empty() { " " } else { gap }
    }

    fn remove(&self, at: usize) -> Replacement {
        let (start, end) = (self.start(at), self.nodes[at].span().end);
        let document = self.document;
        if self.is_flow {
            return match (at.checked_sub(1), self.nodes.get(at + 1)) {
                (_, Some(_)) => (start..self.start(at + 1), String::new()),
                (Some(before), None) => (self.nodes[before].span().end..end, String::new()),
                (None, None) => (start..end, String::new()),
            };
        }
        if self.nodes.len() == 1 {
            let empty = if self.is_object { "{}" } else { "[]" };
            let whole = self.parent.span();
            let dash = if self.is_object { start } else { self.dash(start) };
            return (dash.min(whole.start)..end, empty.to_owned());
        }
        let start = if self.is_object { start } else { self.dash(start) };
        if at + 1 < self.nodes.len() {
            // What comes next takes the place, so that a dash before the first field keeps its object.
            let next = self.start(at + 1);
            return (start..if self.is_object { next } else { self.dash(next) }, String::new());
        }
        let line_before = document.line_start(start).saturating_sub(1);
        (self.nodes[at - 1].span().end.max(line_before)..document.line_end(end), String::new())
    }

    /// The dash of an element in a block.
    fn dash(&self, start: usize) -> usize {
        self.document.source()[..start].rfind('-').unwrap_or(start)
    }

    /// Puts a child behind the others; what stands between them stays.
    fn rotate(&self, at: usize) -> Vec<Replacement> {
        let spans: Vec<Range<usize>> = self.nodes[at..].iter().map(|node| node.span()).collect();
        let texts = spans.iter().map(|span| self.document.source()[span.clone()].to_owned());
        let mut texts: Vec<String> = texts.collect();
        texts.rotate_left(1);
        spans.into_iter().zip(texts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Format};
    use super::EditError;
    use crate::{Edit, Pointer, Value};

    fn edit(text: &str, edit: Edit) -> Result<String, EditError> {
        let document = Document::parse(text, Format::of_text(text)).unwrap_or_else(|error| panic!("{error}"));
        document.edit(&[edit]).map(|edited| edited.text().to_owned())
    }

    #[track_caller]
    fn check(text: &str, made: Edit, expected: &str) {
        assert_eq!(edit(text, made).as_deref(), Ok(expected), "{text}");
    }

    fn insert(pointer: &str, value: impl Into<Value>) -> Edit {
        Edit::Insert { pointer: pointer.into(), value: value.into() }
    }

    fn remove(pointer: &str) -> Edit {
        Edit::Remove { pointer: pointer.into() }
    }

    fn move_to_end(pointer: &str) -> Edit {
        Edit::MoveToEnd { pointer: pointer.into() }
    }

    #[test]
    fn json_keeps_its_layout() {
        check("{\n  \"A\": 1\n}", insert("/B", true), "{\n  \"A\": 1,\n  \"B\": true\n}");
        check("{\"A\": 1}", insert("/B", "x"), "{\"A\": 1, \"B\": \"x\"}");
        check("{\"A\":{}}", insert("/A/B", 1), "{\"A\":{\"B\": 1}}");
        check("[1, 2]", insert("/0", 0), "[0, 1, 2]");
        check("[1, 2]", insert("/2", 3), "[1, 2, 3]");
        check("{\"A\": 1,\n \"B\": 2}", remove("/A"), "{\"B\": 2}");
        check("{\"A\": 1,\n \"B\": 2\n}", remove("/B"), "{\"A\": 1\n}");
        check("{\"A\": 1}", remove("/A"), "{}");
        check("[{\"a\": 1}, 2,\n3]", move_to_end("/0"), "[2, 3,\n{\"a\": 1}]");
        let rename = Edit::Rename { pointer: "/A".into(), name: "B".to_owned() };
        check("{\"A\": 1}", rename, "{\"B\": 1}");
        let replace = Edit::Replace { pointer: "/A/0".into(), value: Value::from(2) };
        check("{\"A\": [1]}", replace, "{\"A\": [2]}");
    }

    #[test]
    fn yaml_keeps_its_comments() {
        check("A: 1 # one\n# end\n", insert("/B", true), "A: 1 # one\nB: true\n# end\n");
        check("A:\n  - B: 1\nC: 2", insert("/A/0/D", "x: y"), "A:\n  - B: 1\n    D: 'x: y'\nC: 2");
        check("A: {B: 1}", insert("/A/C", 2), "A: {B: 1, C: 2}");
        check("A:\n- 1\n- 2\nB: 3", insert("/A/2", 4), "A:\n- 1\n- 2\n- 4\nB: 3");
        check("A:\n- 1\n- 2\n", insert("/A/1", 4), "A:\n- 1\n- 4\n- 2\n");
        check("A: 1\nB: 2 # two\nC: 3\n", remove("/B"), "A: 1\nC: 3\n");
        check("A: 1 # one\nB: 2 # two\n", remove("/B"), "A: 1 # one\n");
        check("- A: 1\n  B: 2\n", remove("/0/A"), "- B: 2\n");
        check("X:\n  - A: 1\n  - B: 2\n", remove("/X/0"), "X:\n  - B: 2\n");
        check("X:\n  - A: 1\n  - B: 2\n", remove("/X/1"), "X:\n  - A: 1\n");
        check("X:\n  A: 1\n", remove("/X/A"), "X:\n  {}\n");
        check(
            "X:\n  - A: 1\n    B: |\n      x\n  # two\n  - C: 2\nY: 1\n",
            move_to_end("/X/0"),
            "X:\n  - C: 2\n  # two\n  - A: 1\n    B: |\n      x\nY: 1\n",
        );
    }

    #[test]
    fn what_is_not_written_there_is_not_edited() {
        let shared = edit("A: &a {B: 1}\nC: *a\n", remove("/C/B"));
        assert_eq!(shared, Err(EditError::NotWrittenThere(Pointer::from("/C/B"))));
        let missing = edit("{}", remove("/A"));
        assert_eq!(missing, Err(EditError::NoSuchPlace(Pointer::from("/A"))));
    }
}
