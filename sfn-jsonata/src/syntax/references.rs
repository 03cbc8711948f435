//! Lists what an expression refers to outside itself: variables with the fields read from them, and functions.
//! Separate because this is all that validators and compilers need of the syntax tree.

use std::ops::Range;
use std::sync::Arc;

use super::ast::{Kind, Node, Path, Stage, Symbol, Variable, VariableName};
use super::{Program, Span};

/// A variable or function that an expression uses and does not bind itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The name without `$`; `$` for `$$`.
    pub name: Arc<str>,
    /// The fields read from it as far as they are plain names: `input`, `total` for `$states.input.total > 1`.
    pub fields: Vec<Arc<str>>,
    /// How it is used.
    pub kind: ReferenceKind,
    /// The bytes from the `$` to the last of the fields.
    pub span: Range<usize>,
}

/// How an expression uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// Read as a value.
    Variable,
    /// Called, or passed on as a function although nothing of that name is bound: a function of the library.
    Function,
}

/// Every use, in the order of the source.
pub(crate) fn references(program: &Program) -> Vec<Reference> {
    let mut walk = Walk { program, bound: Vec::new(), found: Vec::new() };
    walk.node(&program.root);
    walk.found.sort_by_key(|reference| reference.span.start);
    walk.found
}

struct Walk<'a> {
    program: &'a Program,
    /// The names bound here, innermost last.
    bound: Vec<Symbol>,
    found: Vec<Reference>,
}

impl<'a> Walk<'a> {
    fn node(&mut self, node: &'a Node) {
        match &node.kind {
            Kind::Path(path) => return self.path(node, path),
            Kind::Variable(variable) => {
                let kind = if variable.builtin.is_some() {
                    ReferenceKind::Function
                } else {
                    ReferenceKind::Variable
                };
                self.variable(variable, kind, Vec::new(), node.span);
                return self.decorations(node);
            }
            Kind::Call(call) => {
                self.procedure(&call.procedure);
                call.arguments.iter().for_each(|argument| self.node(argument));
                return self.decorations(node);
            }
            Kind::Partial(procedure, arguments) => {
                self.procedure(procedure);
                arguments.iter().flatten().for_each(|argument| self.node(argument));
                return self.decorations(node);
            }
            Kind::Lambda(lambda) => {
                return self.scope(|walk| {
                    walk.bound.extend(&lambda.parameters);
                    walk.node(&lambda.body);
                });
            }
            // A function may call itself by the name it is bound to.
            Kind::Bind(symbol, value) if matches!(value.kind, Kind::Lambda(_)) => {
                self.bound.push(*symbol);
                return self.node(value);
            }
            Kind::Block(expressions) => {
                self.scope(|walk| expressions.iter().for_each(|expression| walk.node(expression)));
                return self.decorations(node);
            }
            _ => {}
        }
        node.for_each_child(&mut |child| self.node(child));
        if let Kind::Bind(symbol, _) = node.kind {
            self.bound.push(symbol);
        }
    }

    fn scope(&mut self, inside: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        inside(self);
        self.bound.truncate(outer);
    }

    fn procedure(&mut self, node: &'a Node) {
        match &node.kind {
            Kind::Variable(variable) => {
                self.variable(variable, ReferenceKind::Function, Vec::new(), node.span);
                self.decorations(node);
            }
            _ => self.node(node),
        }
    }

    fn path(&mut self, node: &'a Node, path: &'a Path) {
        let mut steps = &path.steps[..];
        let outer = self.bound.len();
        if let Some((first, rest)) = steps.split_first()
            && let Kind::Variable(variable) = &first.kind
        {
            let mut fields = Vec::with_capacity(rest.len());
            let mut span = first.span;
            let is_plain = |step: &Node| step.predicates.is_empty() && step.stages.is_empty();
            let mut plain = is_plain(first);
            for step in rest {
                match &step.kind {
                    Kind::Name(name) if plain => {
                        fields.push(Arc::clone(name));
                        span = span.to(step.span);
                        plain = is_plain(step);
                    }
                    _ => break,
                }
            }
            self.variable(variable, ReferenceKind::Variable, fields, span);
            self.decorations(first);
            self.bound.extend(first.focus.iter().chain(&first.index));
            steps = rest;
        }
        for step in steps {
            self.bound.extend(step.focus.iter().chain(&step.index));
            self.bound.extend(step.stages.iter().filter_map(|stage| match stage {
                Stage::Index(symbol) => Some(symbol),
                Stage::Filter(_) => None,
            }));
            self.node(step);
        }
        self.decorations(node);
        self.bound.truncate(outer);
    }

    /// Filters and groups that hang on a node.
    fn decorations(&mut self, node: &'a Node) {
        for stage in node.predicates.iter().chain(&node.stages) {
            if let Stage::Filter(predicate) = stage {
                self.node(predicate);
            }
        }
        if let Some(group) = &node.group {
            for (name, value) in &group.pairs {
                self.node(name);
                self.node(value);
            }
        }
    }

    fn variable(&mut self, variable: &Variable, kind: ReferenceKind, fields: Vec<Arc<str>>, span: Span) {
        let VariableName::Named(symbol) = variable.name else { return };
        if !self.bound.contains(&symbol) {
            let name = Arc::clone(&self.program.names[symbol.0 as usize]);
            self.found.push(Reference { name, fields, kind, span: span.into() });
        }
    }
}
