//! Turns the tree as written into the tree that is evaluated: dots become paths, brackets become stages.
//! Separate from the grammar because the meaning of a node depends on what stands around it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::{
    BinaryOperator, Call, Group, Kind, Lambda, Node, Path, Slot, Stage, Symbol, Term, Transform, Variable,
    VariableName,
};
use super::parent::{Ancestry, sought};
use super::signature::Signature;
use super::tree::{Raw, RawKind, RawTerm};
use super::{Program, Span};
use crate::builtin;
use crate::error::ParseError;
use crate::value::Value;

/// A resolved node; both sides are boxed, because resolving recurses and its frames must stay small.
type Resolved = Result<Box<Node>, Box<ParseError>>;

/// Resolves a whole tree.
pub(super) fn resolve(raw: Raw) -> Result<Program, ParseError> {
    let mut resolver = Resolver::default();
    let root = *resolver.node(raw).map_err(|error| *error)?;
    if matches!(root.kind, Kind::Parent(_)) || !root.seeking.is_empty() {
        return Err(super::parent::no_parent(root.span));
    }
    let Resolver { names, bound, ancestry, .. } = resolver;
    Ok(Program { root, names, bound, ancestor_labels: ancestry.labels() })
}

#[derive(Default)]
struct Resolver {
    names: Vec<Arc<str>>,
    symbols: BTreeMap<Arc<str>, Symbol>,
    bound: Vec<Symbol>,
    ancestry: Ancestry,
}

impl Resolver {
    fn node(&mut self, raw: Raw) -> Resolved {
        let Raw { kind, span, keep_array, .. } = raw;
        let mut node = self.kind(kind, span, keep_array)?;
        node.keep_array |= keep_array;
        node.span = node.span.to(span);
        Ok(node)
    }

    fn kind(&mut self, kind: RawKind, span: Span, keep_array: bool) -> Resolved {
        match kind {
            RawKind::Step(left, right) => self.step(*left, *right, span),
            RawKind::Filter(left, predicate) => self.filter(*left, *predicate),
            RawKind::Group(left, pairs) => self.group(*left, pairs, span),
            RawKind::Order(left, terms) => self.order(*left, terms, span),
            RawKind::Focus(left, name) => self.focus(*left, name, span, keep_array),
            RawKind::Index(left, name) => self.index(*left, name),
            RawKind::Call(procedure, arguments) => self.call(*procedure, arguments, span),
            RawKind::Lambda { parameters, signature, body } => {
                self.lambda(parameters, signature, *body, span)
            }
            RawKind::Block(items) => self.block(items, span),
            RawKind::Condition(condition, then, otherwise) => {
                self.condition(*condition, *then, otherwise, span)
            }
            RawKind::Transform { pattern, update, delete } => self.transform(*pattern, *update, delete, span),
            RawKind::Bind(variable, right) => self.bind(*variable, *right, span),
            RawKind::Apply(left, right) => self.apply(*left, *right, span),
            RawKind::Binary(operator, left, right) => self.binary(operator, *left, *right, span),
            RawKind::Negate(inner) => self.negate(*inner, span),
            RawKind::Array(items) => self.array(items, span),
            RawKind::Object(pairs) => self.object(pairs, span),
            leaf => self.leaf(leaf, span, keep_array),
        }
    }

    fn lambda(
        &mut self,
        parameters: Vec<Arc<str>>,
        signature: Option<Signature>,
        body: Raw,
        span: Span,
    ) -> Resolved {
        let parameters = parameters.into_iter().map(|name| self.binding(name)).collect();
        let mut body = self.node(body)?;
        mark_tail_calls(&mut body);
        Ok(Box::new(Node::new(Kind::Lambda(Lambda { parameters, signature, body }), span)))
    }

    fn condition(&mut self, condition: Raw, then: Raw, otherwise: Option<Box<Raw>>, span: Span) -> Resolved {
        let condition = self.node(condition)?;
        let then = self.node(then)?;
        let otherwise = otherwise.map(|node| self.node(*node)).transpose()?;
        let mut seeking = sought(&[&condition, &then]);
        seeking.extend(otherwise.iter().flat_map(|otherwise| sought(&[otherwise])));
        Ok(whole(Kind::Condition(condition, then, otherwise), span, seeking))
    }

    fn transform(&mut self, pattern: Raw, update: Raw, delete: Option<Box<Raw>>, span: Span) -> Resolved {
        let pattern = self.node(pattern)?;
        let update = self.node(update)?;
        let delete = delete.map(|node| self.node(*node)).transpose()?.map(|node| *node);
        let transform = Transform { pattern: *pattern, update: *update, delete };
        Ok(Box::new(Node::new(Kind::Transform(Box::new(transform)), span)))
    }

    fn bind(&mut self, variable: Raw, right: Raw, span: Span) -> Resolved {
        let RawKind::Variable(name) = variable.kind else {
            return Err(
                ParseError::new("S0212", variable.span, "the left side of `:=` must be a variable").into()
            );
        };
        let right = self.node(right)?;
        let seeking = sought(&[&right]);
        Ok(whole(Kind::Bind(self.binding(name), right), span, seeking))
    }

    fn apply(&mut self, left: Raw, right: Raw, span: Span) -> Resolved {
        let left = self.node(left)?;
        let right = self.node(right)?;
        let keep_array = left.keep_array || right.keep_array;
        let mut node = Box::new(Node::new(Kind::Apply(left, right), span));
        node.keep_array = keep_array;
        Ok(node)
    }

    fn negate(&mut self, inner: Raw, span: Span) -> Resolved {
        let mut inner = self.node(inner)?;
        if let Kind::Literal(Value::Number(number)) = &mut inner.kind {
            *number = (-number.as_f64()).into();
            return Ok(inner);
        }
        let seeking = sought(&[&inner]);
        Ok(whole(Kind::Negate(inner), span, seeking))
    }

    fn array(&mut self, items: Vec<Raw>, span: Span) -> Resolved {
        let items = self.nodes(items)?;
        let seeking = items.iter().flat_map(|item| sought(&[item])).collect();
        Ok(whole(Kind::Array(items), span, seeking))
    }

    fn object(&mut self, pairs: Vec<(Raw, Raw)>, span: Span) -> Resolved {
        let pairs = self.pairs(pairs)?;
        let seeking = pairs.iter().flat_map(|(name, value)| sought(&[name, value])).collect();
        Ok(whole(Kind::Object(Group::new(pairs, span)), span, seeking))
    }

    fn leaf(&mut self, kind: RawKind, span: Span, keep_array: bool) -> Resolved {
        let kind = match kind {
            RawKind::Name(name) => Kind::Path(Path {
                steps: vec![name_step(name, span, keep_array)],
                keep_singleton: keep_array,
            }),
            RawKind::Variable(name) => {
                let builtin = builtin::find(&name);
                let name = if name.is_empty() {
                    VariableName::Context
                } else {
                    VariableName::Named(self.symbol(name))
                };
                Kind::Variable(Variable { name, builtin })
            }
            RawKind::String(text) => Kind::Literal(Value::String(text)),
            RawKind::Number(number) => Kind::Literal(number.into()),
            RawKind::Literal(value) => Kind::Literal(value),
            RawKind::Regex(pattern) => Kind::Regex(pattern),
            RawKind::Wildcard => Kind::Wildcard,
            RawKind::Descendant => Kind::Descendant,
            RawKind::Parent => Kind::Parent(self.ancestry.new_slot()),
            _ => {
                let message = "unexpected end of the expression, expected an operand";
                return Err(ParseError::new("S0207", span, message).into());
            }
        };
        Ok(Box::new(Node::new(kind, span)))
    }

    fn symbol(&mut self, name: Arc<str>) -> Symbol {
        if let Some(symbol) = self.symbols.get(&name) {
            return *symbol;
        }
        let symbol = Symbol(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(Arc::clone(&name));
        self.symbols.insert(name, symbol);
        symbol
    }

    /// The symbol of a name that is bound here.
    fn binding(&mut self, name: Arc<str>) -> Symbol {
        let symbol = self.symbol(name);
        self.bound.push(symbol);
        symbol
    }

    fn nodes(&mut self, items: Vec<Raw>) -> Result<Vec<Node>, Box<ParseError>> {
        let mut nodes = Vec::with_capacity(items.len());
        for item in items {
            nodes.push(*self.node(item)?);
        }
        Ok(nodes)
    }

    fn pairs(&mut self, pairs: Vec<(Raw, Raw)>) -> Result<Vec<(Node, Node)>, Box<ParseError>> {
        let mut nodes = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            let name = self.node(name)?;
            nodes.push((*name, *self.node(value)?));
        }
        Ok(nodes)
    }

    fn step(&mut self, left: Raw, right: Raw, span: Span) -> Resolved {
        let mut node = into_path(self.node(left)?, span);
        let Kind::Path(path) = &mut node.kind else { return Ok(node) };
        match right {
            // What most steps are needs no path of its own on the way.
            Raw { kind: RawKind::Name(name), span, keep_array, .. } => {
                path.steps.push(name_step(name, span, keep_array));
            }
            right => path.steps.extend(as_steps(self.node(right)?)),
        }
        for step in &mut path.steps {
            match &step.kind {
                Kind::Literal(Value::String(name)) => step.kind = Kind::Name(Arc::clone(name)),
                Kind::Literal(value) => {
                    let message = format!("the literal value `{value}` cannot be a step of a path");
                    return Err(ParseError::new("S0213", step.span, message).into());
                }
                _ => {}
            }
        }
        path.keep_singleton |= path.steps.iter().any(|step| step.keep_array);
        if let Some(first) = path.steps.first_mut().filter(|step| matches!(step.kind, Kind::Array(_))) {
            first.constructs_array = true;
        }
        if let Some(last) = path.steps.last_mut().filter(|step| matches!(step.kind, Kind::Array(_))) {
            last.constructs_array = true;
        }
        self.ancestry.resolve(&mut node)?;
        Ok(node)
    }

    fn filter(&mut self, left: Raw, predicate: Raw) -> Resolved {
        let mut node = self.node(left)?;
        let is_path = matches!(node.kind, Kind::Path(_));
        if last_step(&mut node).group.is_some() {
            let message = "a filter cannot follow a group-by clause of the same step";
            return Err(ParseError::new("S0209", predicate.span, message).into());
        }
        let predicate = *self.node(predicate)?;
        let step = last_step(&mut node);
        self.ancestry.resolve_in_filter(step, &predicate)?;
        let stages = if is_path { &mut step.stages } else { &mut step.predicates };
        stages.push(Stage::Filter(predicate));
        Ok(node)
    }

    fn group(&mut self, left: Raw, pairs: Vec<(Raw, Raw)>, span: Span) -> Resolved {
        let mut node = self.node(left)?;
        if node.group.is_some() {
            return Err(ParseError::new("S0210", span, "each step can have only one group-by clause").into());
        }
        node.group = Some(Box::new(Group::new(self.pairs(pairs)?, span)));
        Ok(node)
    }

    fn order(&mut self, left: Raw, terms: Vec<RawTerm>, span: Span) -> Resolved {
        let left = self.node(left)?;
        let mut node = if matches!(left.kind, Kind::Path(_)) { left } else { path_of(left, span) };
        let mut seeking = Vec::new();
        let mut resolved = Vec::with_capacity(terms.len());
        for RawTerm { descending, expression } in terms {
            let expression = *self.node(expression)?;
            seeking.extend(sought(&[&expression]));
            resolved.push(Term { descending, expression });
        }
        if let Kind::Path(path) = &mut node.kind {
            path.steps.push(*whole(Kind::Sort(resolved), span, seeking));
        }
        self.ancestry.resolve(&mut node)?;
        Ok(node)
    }

    fn focus(&mut self, left: Raw, name: Arc<str>, span: Span, keep_array: bool) -> Resolved {
        let mut node = self.node(left)?;
        let step = last_step(&mut node);
        if !step.stages.is_empty() || !step.predicates.is_empty() {
            let message = "a context variable binding must precede any filters of its step";
            return Err(ParseError::new("S0215", span, message).into());
        }
        if matches!(step.kind, Kind::Sort(_)) {
            let message = "a context variable binding must precede the order-by clause of its step";
            return Err(ParseError::new("S0216", span, message).into());
        }
        step.keep_array |= keep_array;
        step.focus = Some(self.binding(name));
        step.tuple = true;
        Ok(node)
    }

    fn index(&mut self, left: Raw, name: Arc<str>) -> Resolved {
        let mut node = self.node(left)?;
        if !matches!(node.kind, Kind::Path(_)) {
            if !node.predicates.is_empty() {
                node.stages = std::mem::take(&mut node.predicates);
            }
            let span = node.span;
            node = path_of(node, span);
        }
        let name = self.binding(name);
        let step = last_step(&mut node);
        if step.stages.is_empty() {
            step.index = Some(name);
        } else {
            step.stages.push(Stage::Index(name));
        }
        step.tuple = true;
        Ok(node)
    }

    fn call(&mut self, procedure: Raw, arguments: Vec<Option<Raw>>, span: Span) -> Resolved {
        let mut seeking = Vec::new();
        let mut resolved = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let argument = argument.map(|raw| self.node(raw)).transpose()?.map(|node| *node);
            seeking.extend(argument.iter().flat_map(|argument| sought(&[argument])));
            resolved.push(argument);
        }
        let procedure = self.node(procedure)?;
        if resolved.iter().any(Option::is_none) {
            return Ok(whole(Kind::Partial(procedure, resolved), span, seeking));
        }
        let arguments = resolved.into_iter().flatten().collect();
        Ok(whole(Kind::Call(Call { procedure, arguments, tail: false }), span, seeking))
    }

    fn binary(&mut self, operator: BinaryOperator, left: Raw, right: Raw, span: Span) -> Resolved {
        let left = self.node(left)?;
        let right = self.node(right)?;
        let seeking = sought(&[&left, &right]);
        Ok(whole(Kind::Binary(operator, left, right), span, seeking))
    }

    fn block(&mut self, items: Vec<Raw>, span: Span) -> Resolved {
        let expressions = self.nodes(items)?;
        let seeking = expressions.iter().flat_map(|expression| sought(&[expression])).collect();
        let begins_with_array = |node: &Node| matches!(&node.kind, Kind::Path(path) if path.steps.first().is_some_and(|step| step.constructs_array));
        let constructs_array =
            expressions.iter().any(|node| node.constructs_array || begins_with_array(node));
        let mut node = whole(Kind::Block(expressions), span, seeking);
        node.constructs_array = constructs_array;
        Ok(node)
    }
}

/// A node whose parts are still seeking ancestors.
fn whole(kind: Kind, span: Span, seeking: Vec<Slot>) -> Box<Node> {
    let mut node = Box::new(Node::new(kind, span));
    node.seeking = seeking;
    node
}

fn name_step(name: Arc<str>, span: Span, keep_array: bool) -> Node {
    let mut step = Node::new(Kind::Name(name), span);
    step.keep_array = keep_array;
    step
}

/// The node as a path; anything else becomes the first step of a new one.
fn into_path(node: Box<Node>, span: Span) -> Box<Node> {
    match node.kind {
        Kind::Path(_) => node,
        Kind::Parent(slot) => {
            let mut path = path_of(node, span);
            path.seeking = vec![slot];
            path
        }
        _ => path_of(node, span),
    }
}

#[expect(clippy::boxed_local, reason = "nodes are passed around boxed while they are put together")]
fn path_of(step: Box<Node>, span: Span) -> Box<Node> {
    const USUAL: usize = 4;
    let mut steps = Vec::with_capacity(USUAL);
    steps.push(*step);
    Box::new(Node::new(Kind::Path(Path { steps, keep_singleton: false }), span))
}

/// What stands right of a dot: the steps of a path, or one step whose filters are its stages.
#[expect(clippy::boxed_local, reason = "nodes are passed around boxed while they are put together")]
fn as_steps(mut node: Box<Node>) -> Vec<Node> {
    if let Kind::Path(path) = &mut node.kind {
        return std::mem::take(&mut path.steps);
    }
    if !node.predicates.is_empty() {
        node.stages = std::mem::take(&mut node.predicates);
    }
    vec![*node]
}

/// The last step of a path, or the node itself when it is no path.
fn last_step(node: &mut Node) -> &mut Node {
    if !matches!(&node.kind, Kind::Path(path) if !path.steps.is_empty()) {
        return node;
    }
    match &mut node.kind {
        Kind::Path(path) => {
            let last = path.steps.len() - 1;
            &mut path.steps[last]
        }
        _ => unreachable!("checked above"),
    }
}

/// Marks the calls whose result is the result of the function.
fn mark_tail_calls(node: &mut Node) {
    if !node.predicates.is_empty() {
        return;
    }
    match &mut node.kind {
        Kind::Call(call) => call.tail = true,
        Kind::Condition(_, then, otherwise) if node.group.is_none() => {
            mark_tail_calls(then);
            if let Some(otherwise) = otherwise {
                mark_tail_calls(otherwise);
            }
        }
        Kind::Block(expressions) if node.group.is_none() => {
            expressions.last_mut().into_iter().for_each(mark_tail_calls);
        }
        _ => {}
    }
}
