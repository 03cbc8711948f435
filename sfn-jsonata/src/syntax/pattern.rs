//! Regular expressions as JavaScript has them, with the flags `i` and `m`, compiled once when the expression is read.
//! Separate because it is a language of its own, and ours because a search must end within a budget: an expression
//! may be hostile, and no engine with look-around and back references lets itself be stopped.

mod class;
mod compile;
mod parse;
mod search;

use std::sync::Arc;

use compile::Program;
pub(crate) use search::OutOfSteps;

/// A regular expression literal.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: Arc<str>,
    program: Program,
}

/// One match: byte positions into the text that was searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The captures in order; `None` where a group took no part.
    pub(crate) groups: Vec<Option<(usize, usize)>>,
}

impl Pattern {
    /// Compiles; the error says what is wrong.
    pub(crate) fn new(source: &str, flags: &str) -> Result<Self, String> {
        let tree = parse::parse(source)?;
        let program = compile::compile(&tree, flags.contains('i'), flags.contains('m'));
        Ok(Self { source: source.into(), program })
    }

    /// An expression that matches a text and nothing else.
    pub(crate) fn escape(text: &str) -> String {
        let mut source = String::with_capacity(text.len());
        for character in text.chars() {
            if r"\^$.|?*+()[]{}".contains(character) {
                source.push('\\');
            }
            source.push(character);
        }
        source
    }

    /// As written between the slashes.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The first match at or behind a byte position; what the search takes is taken from the budget.
    pub(crate) fn find(
        &self,
        text: &str,
        from: usize,
        budget: &mut u64,
    ) -> Result<Option<Found>, OutOfSteps> {
        search::search(&self.program, text, from, budget)
    }
}

#[cfg(test)]
mod tests;
