//! A place in a stretch of text, with the looking ahead that Paths, filters and intrinsic functions need.
//! Separate because three grammars read with it.

use std::ops::Range;
use std::sync::Arc;

/// How deeply Paths and filters may stand in each other.
pub(super) const MAX_DEPTH: usize = 32;

/// A place in a text and the end of the stretch that is read. Offsets are those of the whole text.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t Arc<str>,
    pub(super) at: usize,
    pub(super) end: usize,
    /// How many Paths and filters stand around this one.
    pub(super) depth: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t Arc<str>, span: Range<usize>, depth: usize) -> Self {
        Self { text, at: span.start, end: span.end, depth }
    }

    /// A cursor of its own for a part of the stretch.
    pub(super) fn inner(&self, span: Range<usize>) -> Self {
        Self::new(self.text, span, self.depth + 1)
    }

    /// The byte at the place; nothing behind the end.
    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        (at < self.end).then(|| self.text.as_bytes()[at])
    }

    /// The character at the place and where it ends, to be shown.
    pub(super) fn shown(&self) -> (String, Range<usize>) {
        match self.text[self.at.min(self.end)..self.end].chars().next() {
            Some(character) => (format!("`{character}`"), self.at..self.at + character.len_utf8()),
            None => ("the end".to_owned(), self.end..self.end),
        }
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Where the next byte that is no blank stands, behind `at`.
    pub(super) fn significant_after(&self, at: usize) -> Option<(usize, u8)> {
        let mut next = at + 1;
        while self.byte(next) == Some(b' ') {
            next += 1;
        }
        Some((next, self.byte(next)?))
    }

    /// The byte before the place that is no blank, if there is one in the stretch.
    pub(super) fn significant_before(&self, start: usize) -> Option<(usize, u8)> {
        (start..self.at).rev().map(|at| (at, self.text.as_bytes()[at])).find(|(_, byte)| *byte != b' ')
    }

    /// Where the quote or slash that ends the string or pattern begun at `open` stands.
    pub(super) fn closing_quote(&self, open: usize, quote: u8) -> Option<usize> {
        let mut at = open + 1;
        loop {
            match self.byte(at)? {
                b'\\' => at += 2,
                byte if byte == quote => return Some(at),
                _ => at += 1,
            }
        }
    }

    /// Where the bracket that belongs to the one at `open` stands; brackets in strings do not count.
    pub(super) fn closing_bracket(&self, open: usize, close: u8, skip_patterns: bool) -> Option<usize> {
        let opening = self.byte(open)?;
        let mut opened = 1;
        let mut at = open + 1;
        loop {
            match self.byte(at)? {
                quote @ (b'\'' | b'"') => at = self.closing_quote(at, quote)?,
                b'/' if skip_patterns => at = self.closing_quote(at, b'/')?,
                byte if byte == opening => opened += 1,
                byte if byte == close => {
                    opened -= 1;
                    if opened == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}
