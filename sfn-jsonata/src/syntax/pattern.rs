//! Regular expressions, compiled once when the expression is read.
//! Separate so that one file knows the regular-expression engine.

use std::sync::Arc;

/// A regular expression literal.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: Arc<str>,
    regex: regress::Regex,
}

/// One match: byte positions into the text that was searched.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The captures in order; `None` where a group took no part.
    pub(crate) groups: Vec<Option<(usize, usize)>>,
}

impl Pattern {
    /// Compiles; the error says what is wrong.
    pub(super) fn new(source: &str, flags: &str) -> Result<Self, String> {
        let flags = regress::Flags {
            icase: flags.contains('i'),
            multiline: flags.contains('m'),
            ..regress::Flags::default()
        };
        let regex = regress::Regex::with_flags(source, flags).map_err(|error| error.text)?;
        Ok(Self { source: source.into(), regex })
    }

    /// As written between the slashes.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The first match at or behind a byte position.
    pub(crate) fn find(&self, text: &str, from: usize) -> Option<Found> {
        if from > text.len() {
            return None;
        }
        let found = self.regex.find_from(text, from).next()?;
        let groups = found.captures.iter().map(|group| group.as_ref().map(|range| (range.start, range.end)));
        Some(Found { start: found.start(), end: found.end(), groups: groups.collect() })
    }
}
