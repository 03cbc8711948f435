//! Places in a text: lines and columns, and which bytes a value takes.
//! Separate because the model knows values and pointers only.

use std::ops::Range;

use crate::Place;
use crate::json::Parser;

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl Location {
    /// The place of a byte offset.
    ///
    /// ```
    /// use sfn_asl::Location;
    ///
    /// assert_eq!(Location::of("{\n  \"é\": 1\n}", 9), Location { line: 2, column: 7 });
    /// ```
    pub fn of(text: &str, offset: usize) -> Self {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// The bytes of a JSON text that a [`Place`] in a definition means; nothing when the text has no such value.
///
/// ```
/// use sfn_asl::{Place, Pointer, locate};
///
/// let text = r#"{"StartAt": "Pay", "States": {}}"#;
/// let place = Place::Definition { pointer: Pointer::root().join("StartAt"), span: None };
/// assert_eq!(locate(text, &place).map(|bytes| &text[bytes]), Some("\"Pay\""));
/// let part = Place::Definition { pointer: Pointer::root().join("StartAt"), span: Some(1..3) };
/// assert_eq!(locate(text, &part).map(|bytes| &text[bytes]), Some("ay"));
/// ```
pub fn locate(text: &str, place: &Place) -> Option<Range<usize>> {
    let Place::Definition { pointer, span } = place else {
        return None;
    };
    let whole = Parser::new(text).find(pointer)?;
    match span {
        Some(span) if text[whole.clone()].starts_with('"') => {
            let content = &text[whole.start + 1..whole.end - 1];
            let start = whole.start + 1;
            let offset = |meant| start + Parser::new(content).offset_in_string(meant);
            Some(offset(span.start)..offset(span.end))
        }
        _ => Some(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::{Place, Pointer};

    #[test]
    fn a_part_of_a_string_is_found_behind_its_escapes() {
        let text = r#"{"a/b": ["x", "{% \"é\u00e9\" & $wrong %}"]}"#;
        let pointer = Pointer::root().join("a/b").join(1);
        let string = "{% \"éé\" & $wrong %}";
        let start = string.find("$wrong").expect("the part is there");
        let place = Place::Definition { pointer, span: Some(start..start + 6) };
        assert_eq!(locate(text, &place).map(|bytes| &text[bytes]), Some("$wrong"));
        let nowhere = Place::Definition { pointer: Pointer::root().join("b"), span: None };
        assert_eq!(locate(text, &nowhere), None);
    }
}
