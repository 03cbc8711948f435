//! From source text to the syntax tree: tokens, grammar, and the shape in which trees are evaluated.
//! Separate from evaluation because validators and compilers only need this half.

pub(crate) mod ast;
mod effort;
mod findings;
mod grammar;
mod parent;
mod pattern;
mod references;
mod resolve;
mod signature;
mod token;
mod tree;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use effort::may_take_long;
pub use findings::{Finding, FindingKind, ValueKind};
pub(crate) use findings::{findings, results, unwrapped};
pub(crate) use pattern::{Found, OutOfSteps, Pattern};
pub(crate) use references::references;
pub use references::{Reference, ReferenceKind};
pub(crate) use signature::{Kinds, Mismatch, Signature};

use crate::error::ParseError;
use ast::Node;

/// Bytes of the source, first and one past last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From the start of this to the end of the other.
    pub(crate) fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start as usize..span.end as usize
    }
}

/// A parsed expression, ready to be evaluated.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) root: Node,
    /// Names of variables; a [`ast::Symbol`] is an index into it.
    pub(crate) names: Vec<Arc<str>>,
    /// What it binds itself, anywhere.
    pub(crate) bound: Vec<ast::Symbol>,
    /// The tuple field in which the ancestor for each `%` is found.
    pub(crate) ancestor_labels: Vec<Arc<str>>,
}

/// Reads an expression.
pub(crate) fn parse(source: &str) -> Result<Program, ParseError> {
    resolve::resolve(grammar::parse(source)?)
}
