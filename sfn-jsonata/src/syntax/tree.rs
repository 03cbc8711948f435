//! The tree as the grammar reads it, before paths are gathered.
//! Separate from the syntax tree that is evaluated because the two have different shapes.

use std::sync::Arc;

use super::Span;
use super::ast::BinaryOperator;
use super::pattern::Pattern;
use super::signature::Signature;
use crate::value::Value;

/// A node as it was written.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: RawKind,
    pub(super) span: Span,
    /// Followed by `[]`.
    pub(super) keep_array: bool,
    /// Levels of nodes from here down; bounded, so that walking a tree cannot exhaust the stack.
    pub(super) height: u32,
}

#[derive(Debug)]
pub(super) enum RawKind {
    /// The end of the source where an operand was expected; an error once everything else could be read.
    End,
    Name(Arc<str>),
    Variable(Arc<str>),
    String(Arc<str>),
    Number(f64),
    Literal(Value),
    Regex(Arc<Pattern>),
    Wildcard,
    Descendant,
    Parent,
    Step(Box<Raw>, Box<Raw>),
    Filter(Box<Raw>, Box<Raw>),
    Group(Box<Raw>, Vec<(Raw, Raw)>),
    Order(Box<Raw>, Vec<RawTerm>),
    Bind(Box<Raw>, Box<Raw>),
    Focus(Box<Raw>, Arc<str>),
    Index(Box<Raw>, Arc<str>),
    Apply(Box<Raw>, Box<Raw>),
    Binary(BinaryOperator, Box<Raw>, Box<Raw>),
    Negate(Box<Raw>),
    Array(Vec<Raw>),
    Object(Vec<(Raw, Raw)>),
    /// `None` is the placeholder `?` of a partial application.
    Call(Box<Raw>, Vec<Option<Raw>>),
    Lambda {
        parameters: Vec<Arc<str>>,
        signature: Option<Signature>,
        body: Box<Raw>,
    },
    Block(Vec<Raw>),
    Condition(Box<Raw>, Box<Raw>, Option<Box<Raw>>),
    Transform {
        pattern: Box<Raw>,
        update: Box<Raw>,
        delete: Option<Box<Raw>>,
    },
}

/// One term of an order-by clause.
#[derive(Debug)]
pub(super) struct RawTerm {
    pub(super) descending: bool,
    pub(super) expression: Raw,
}

impl Raw {
    pub(super) fn new(kind: RawKind, span: Span) -> Self {
        let height = kind.height_below() + 1;
        Self { kind, span, keep_array: false, height }
    }
}

impl RawKind {
    fn height_below(&self) -> u32 {
        fn pairs(pairs: &[(Raw, Raw)]) -> u32 {
            pairs.iter().map(|(name, value)| name.height.max(value.height)).max().unwrap_or(0)
        }
        match self {
            Self::End
            | Self::Name(_)
            | Self::Variable(_)
            | Self::String(_)
            | Self::Number(_)
            | Self::Literal(_)
            | Self::Regex(_)
            | Self::Wildcard
            | Self::Descendant
            | Self::Parent => 0,
            Self::Step(left, right)
            | Self::Filter(left, right)
            | Self::Bind(left, right)
            | Self::Apply(left, right)
            | Self::Binary(_, left, right) => left.height.max(right.height),
            Self::Group(left, fields) => left.height.max(pairs(fields)),
            Self::Order(left, terms) => {
                left.height.max(terms.iter().map(|term| term.expression.height).max().unwrap_or(0))
            }
            Self::Focus(inner, _) | Self::Index(inner, _) | Self::Negate(inner) => inner.height,
            Self::Array(items) | Self::Block(items) => {
                items.iter().map(|item| item.height).max().unwrap_or(0)
            }
            Self::Object(fields) => pairs(fields),
            Self::Call(procedure, arguments) => {
                procedure.height.max(arguments.iter().flatten().map(|item| item.height).max().unwrap_or(0))
            }
            Self::Lambda { body, .. } => body.height,
            Self::Condition(condition, then, otherwise) => {
                condition.height.max(then.height).max(otherwise.as_ref().map_or(0, |node| node.height))
            }
            Self::Transform { pattern, update, delete } => {
                pattern.height.max(update.height).max(delete.as_ref().map_or(0, |node| node.height))
            }
        }
    }
}
