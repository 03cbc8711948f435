//! Which bytes of a text a place in the definition means.
//! Separate because it is asked of the finished tree, long after the reading.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::tree::{Kind, NodeRef};
use super::{Document, Format, json, offset};
use crate::{Place, Pointer};

/// Fields of large objects by name, so that many faults in one of them are found in a time that grows with their
/// number.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookup(Arc<Mutex<HashMap<usize, HashMap<String, usize>>>>);

impl Lookup {
    /// Up to this many fields a scan does.
    const SCANNED: usize = 64;

    fn below<'t>(&self, node: NodeRef<'t>, token: &str) -> Option<NodeRef<'t>> {
        let Some(fields) = node.fields().filter(|fields| fields.len() > Self::SCANNED) else {
            return node.below(token);
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = known.entry(node.index()).or_insert_with(|| {
            fields.enumerate().map(|(index, field)| (field.name().to_owned(), index)).collect()
        });
        node.child(*names.get(token)?)
    }
}

pub(super) fn locate(document: &Document, place: &Place) -> Option<Range<usize>> {
    let pointer = pointer(place)?;
    let mut node = document.root();
    for token in pointer.tokens() {
        node = document.lookup.below(node, &token)?;
    }
    Some(match place {
        Place::Definition { span: Some(span), .. } => part(document, node, span),
        Place::Name(_) => node.name_span(),
        _ => node.span(),
    })
}

pub(super) fn highlight(document: &Document, place: &Place) -> Range<usize> {
    let Some(pointer) = pointer(place) else { return 0..0 };
    let mut node = document.root();
    for token in pointer.tokens() {
        match document.lookup.below(node, &token) {
            Some(below) => node = below,
            None => return mark(document, node),
        }
    }
    match place {
        Place::Definition { span: Some(span), .. } => part(document, node, span),
        Place::Name(_) if !node.name_span().is_empty() => node.name_span(),
        _ => mark(document, node),
    }
}

fn pointer(place: &Place) -> Option<&Pointer> {
    match place {
        Place::Definition { pointer, .. } | Place::Name(pointer) => Some(pointer),
        Place::Rust(_) => None,
    }
}

/// What stands for a value in a text: itself, or for a container its name or else its first bracket.
fn mark(document: &Document, node: NodeRef<'_>) -> Range<usize> {
    let (span, name) = (node.span(), node.name_span());
    match node.kind() {
        Kind::Array(_) | Kind::Object(_) if !name.is_empty() => name,
        Kind::Array(_) | Kind::Object(_) => {
            let first = document.source()[span.start..].chars().next().map_or(0, char::len_utf8);
            span.start..(span.start + first).min(span.end.max(span.start))
        }
        _ => span,
    }
}

/// The bytes of a part of a string; of anything else, the whole.
fn part(document: &Document, node: NodeRef<'_>, meant: &Range<usize>) -> Range<usize> {
    let string = match node.kind() {
        Kind::String(_) => Some(node),
        // `!Sub` stands for its argument.
        Kind::Opaque(_, children) => {
            node.children(children).next().filter(|argument| argument.as_str() == node.as_str())
        }
        _ => None,
    };
    let Some(string) = string else { return node.span() };
    let offset = |wanted| offset_in_string(document.source(), document.format, string, wanted);
    let (start, end) = (offset(meant.start), offset(meant.end));
    // A place between two characters is shown by the second.
    let next = document.source()[start..].chars().next().map_or(start, |next| start + next.len_utf8());
    start..if start < end { end } else { next.min(string.span().end.max(start)) }
}

/// The byte of the text at which a part of a string stands.
pub(super) fn offset_in_string(text: &str, format: Format, string: NodeRef<'_>, wanted: usize) -> usize {
    let whole = string.span();
    let written = &text[whole.clone()];
    whole.start
        + match (format, string.as_str()) {
            (Format::Json, _) => {
                let content = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
                1 + json::offset_in_string(content, wanted)
            }
            (Format::Yaml, Some(meant)) if !written.starts_with('*') => {
                offset::in_yaml(written, meant, wanted)
            }
            (Format::Yaml, _) => 0,
        }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Format, Place, Pointer, Value};

    #[test]
    fn a_part_of_a_string_is_found_behind_its_escapes() {
        let text = r#"{"a/b": ["x", "{% \"é\u00e9\" & $wrong %}"]}"#;
        let document = Document::parse(text, Format::Json).expect("it is JSON");
        let pointer = Pointer::root().join("a/b").join(1);
        let string = "{% \"éé\" & $wrong %}";
        let start = string.find("$wrong").expect("the part is there");
        let place = Place::Definition { pointer, span: Some(start..start + 6) };
        assert_eq!(document.locate(&place).map(|bytes| &text[bytes]), Some("$wrong"));
        let nowhere = Place::Definition { pointer: Pointer::root().join("b"), span: None };
        assert_eq!(document.locate(&nowhere), None);
    }

    #[test]
    fn a_part_of_a_string_is_found_however_yaml_writes_it() {
        let texts = [
            "x: a & $wrong b",
            "x: '{% ''a''\n\n   & $wrong %}'",
            "x: \"{% \\\"\\u00e9\\x41\\n\\\n    & \\t \\\n   $wrong\\n   %}\"",
            "x: |-\n   {% é\n\n      & $wrong\n   %}\n",
            "x: !Sub |\n   {% é\n\n      & $wrong\n   %}",
            "x: >2 # folded > here\n\n   {% é\n\n      & $wrong\n   %}\ny: 1",
            "x:\n  é\n  & 'it''s'\n   $wrong b",
            "- $wrong",
        ];
        for text in texts {
            let document =
                Document::parse(text, Format::Yaml).unwrap_or_else(|error| panic!("{error} {text}"));
            let token = if text.starts_with('-') { "0" } else { "x" };
            let value = document.to_value();
            let string = value.get("x").or_else(|| value.as_array()?.first()).and_then(Value::as_str);
            let start = string.and_then(|string| string.find("$wrong")).expect(text);
            let pointer = Pointer::root().join(token);
            let place = Place::Definition { pointer, span: Some(start..start + 6) };
            assert_eq!(document.locate(&place).map(|bytes| &text[bytes]), Some("$wrong"), "{text}");
        }
    }
}
