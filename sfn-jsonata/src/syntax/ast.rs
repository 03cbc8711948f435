//! The syntax tree: what is evaluated and what static analysis walks.
//! Separate from the grammar because its shape follows meaning (paths with steps), not writing.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::Span;
use super::pattern::Pattern;
use super::signature::Signature;
use crate::builtin::Builtin;
use crate::value::Value;

/// A node with its place in the source and what paths hang on it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// Written with `[]`: a single result stays an array.
    pub(crate) keep_array: bool,
    /// An array constructor at the border of a path: its result is not flattened.
    pub(crate) constructs_array: bool,
    /// The answer of [`Node::is_plain`], found out when it is first asked for: later steps may still hang
    /// something on a node while the tree is put together.
    plain: OnceLock<bool>,
    /// Binds variables or ancestors, so the path is evaluated over tuples from here on.
    pub(crate) tuple: bool,
    /// Filters on a node that is no step.
    pub(crate) predicates: Vec<Stage>,
    /// Filters and positions on a step.
    pub(crate) stages: Vec<Stage>,
    pub(crate) group: Option<Box<Group>>,
    /// `@$x`.
    pub(crate) focus: Option<Symbol>,
    /// `#$x`.
    pub(crate) index: Option<Symbol>,
    /// The ancestor that a `%` further right refers to.
    pub(crate) ancestor: Option<Slot>,
    /// Ancestors that a `%` inside refers to and that are not found yet. Used while resolving only.
    pub(crate) seeking: Vec<Slot>,
}

/// A variable name, as an index into [`Program::names`](super::Program).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol(pub(crate) u32);

/// A `%`, as an index into [`Program::ancestor_labels`](super::Program).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(pub(crate) u32);

#[derive(Debug)]
pub(crate) enum Kind {
    Path(Path),
    Name(Arc<str>),
    /// A string, number, boolean or null as written.
    Literal(Value),
    Wildcard,
    Descendant,
    Parent(Slot),
    Variable(Variable),
    Regex(Arc<Pattern>),
    Binary(BinaryOperator, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Array(Vec<Node>),
    Object(Group),
    Call(Call),
    /// `None` stands for the placeholder `?`.
    Partial(Box<Node>, Vec<Option<Node>>),
    Lambda(Lambda),
    Condition(Box<Node>, Box<Node>, Option<Box<Node>>),
    Block(Vec<Node>),
    Bind(Symbol, Box<Node>),
    Apply(Box<Node>, Box<Node>),
    Transform(Box<Transform>),
    /// An order-by clause; only ever a step.
    Sort(Vec<Term>),
}

#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) steps: Vec<Node>,
    /// One of the steps is written with `[]`.
    pub(crate) keep_singleton: bool,
}

impl Path {
    /// Whether the steps only read fields, one after the other, maybe of a variable.
    fn only_reads_fields(&self) -> bool {
        let mut steps = self.steps.iter();
        let begins = |step: &Node| matches!(step.kind, Kind::Name(_) | Kind::Variable(_)) && step.is_bare();
        !self.keep_singleton
            && steps.next().is_some_and(begins)
            && steps.all(|step| matches!(step.kind, Kind::Name(_)) && step.is_bare())
    }
}

#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: VariableName,
    /// The function of that name, which a variable hides.
    pub(crate) builtin: Option<&'static Builtin>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VariableName {
    /// `$`, the context.
    Context,
    /// `$$`, the input, or any named variable.
    Named(Symbol),
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) procedure: Box<Node>,
    pub(crate) arguments: Vec<Node>,
    /// The last thing a function does: evaluated without growing the stack.
    pub(crate) tail: bool,
}

#[derive(Debug)]
pub(crate) struct Lambda {
    pub(crate) parameters: Vec<Symbol>,
    pub(crate) signature: Option<Signature>,
    pub(crate) body: Box<Node>,
}

#[derive(Debug)]
pub(crate) struct Transform {
    pub(crate) pattern: Node,
    pub(crate) update: Node,
    pub(crate) delete: Option<Node>,
}

#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) descending: bool,
    pub(crate) expression: Node,
}

/// What follows a step in brackets or behind `#`.
#[derive(Debug)]
pub(crate) enum Stage {
    Filter(Node),
    Index(Symbol),
}

/// `{ name: value, .. }`, as an object constructor or as a group-by clause.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) pairs: Vec<(Node, Node)>,
    pub(crate) span: Span,
    /// Every name is written out and none twice.
    pub(crate) distinct_names: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concatenate,
    And,
    Or,
    In,
    Range,
}

impl BinaryOperator {
    /// As it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Concatenate => "&",
            Self::And => "and",
            Self::Or => "or",
            Self::In => "in",
            Self::Range => "..",
        }
    }
}

impl Node {
    pub(crate) fn new(kind: Kind, span: Span) -> Self {
        Self {
            kind,
            span,
            keep_array: false,
            constructs_array: false,
            plain: OnceLock::new(),
            tuple: false,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            focus: None,
            index: None,
            ancestor: None,
            seeking: Vec::new(),
        }
    }

    /// Whether no filter, group-by clause, binding or `[]` hangs on the node.
    fn is_bare(&self) -> bool {
        !self.keep_array
            && !self.tuple
            && self.predicates.is_empty()
            && self.stages.is_empty()
            && self.group.is_none()
    }

    /// Whether nothing hangs on the node, and if it is a path its steps only read fields. Remembered, because an
    /// evaluation asks again and again.
    pub(crate) fn is_plain(&self) -> bool {
        *self.plain.get_or_init(|| self.looks_plain())
    }

    /// The same, for who asks once.
    pub(crate) fn looks_plain(&self) -> bool {
        self.is_bare()
            && match &self.kind {
                Kind::Path(path) => path.only_reads_fields(),
                _ => true,
            }
    }

    /// Calls `visit` with every node directly below, filters and groups included.
    pub(crate) fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        match &self.kind {
            Kind::Path(path) => path.steps.iter().for_each(&mut *visit),
            Kind::Binary(_, left, right) | Kind::Apply(left, right) => {
                visit(left);
                visit(right);
            }
            Kind::Negate(inner) | Kind::Bind(_, inner) => visit(inner),
            Kind::Array(items) | Kind::Block(items) => items.iter().for_each(&mut *visit),
            Kind::Object(group) => group.for_each_child(visit),
            Kind::Call(call) => {
                visit(&call.procedure);
                call.arguments.iter().for_each(&mut *visit);
            }
            Kind::Partial(procedure, arguments) => {
                visit(procedure);
                arguments.iter().flatten().for_each(&mut *visit);
            }
            Kind::Lambda(lambda) => visit(&lambda.body),
            Kind::Condition(condition, then, otherwise) => {
                visit(condition);
                visit(then);
                otherwise.as_deref().into_iter().for_each(&mut *visit);
            }
            Kind::Transform(transform) => {
                visit(&transform.pattern);
                visit(&transform.update);
                transform.delete.iter().for_each(&mut *visit);
            }
            Kind::Sort(terms) => terms.iter().for_each(|term| visit(&term.expression)),
            Kind::Name(_)
            | Kind::Literal(_)
            | Kind::Wildcard
            | Kind::Descendant
            | Kind::Parent(_)
            | Kind::Variable(_)
            | Kind::Regex(_) => {}
        }
        for stage in self.predicates.iter().chain(&self.stages) {
            if let Stage::Filter(predicate) = stage {
                visit(predicate);
            }
        }
        if let Some(group) = &self.group {
            group.for_each_child(visit);
        }
    }
}

impl Group {
    pub(crate) fn new(pairs: Vec<(Node, Node)>, span: Span) -> Self {
        let names = pairs.iter().map(|(name, _)| match &name.kind {
            Kind::Literal(Value::String(text)) if name.is_bare() => Some(&**text),
            _ => None,
        });
        let distinct_names = names
            .collect::<Option<Vec<_>>>()
            .is_some_and(|names| names.iter().collect::<HashSet<_>>().len() == names.len());
        Self { pairs, span, distinct_names }
    }

    fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        for (name, value) in &self.pairs {
            visit(name);
            visit(value);
        }
    }
}
