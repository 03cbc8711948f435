//! Questions about a tree and its expressions: does it end, what does it mention, what is it with names replaced.
//! Separate from the definitions because every stage asks them and none of them changes what a node is.

use super::{Block, Expr, ExprKind, Node, NodeKind, Operator, Source, VariableId};

impl Block {
    /// Whether no path leads to what stands behind it: each ends the workflow or the iteration, or leaves the loop's turn.
    pub(crate) fn diverges(&self) -> bool {
        self.nodes.last().is_some_and(Node::diverges)
    }

    /// The name of the first task in it.
    pub(crate) fn first_task(&self) -> Option<&'static str> {
        self.nodes.iter().find_map(|node| match &node.kind {
            NodeKind::Task(call) => Some(call.spec.name),
            _ => None,
        })
    }

    /// The block as one expression, if it only calculates and no name in it stands for more than one use; with names
    /// kept, each of those is bound inside the expression.
    pub(crate) fn as_expression(&self, keeps_names: bool) -> Option<Expr> {
        let mut value = self.value.clone().unwrap_or_else(Expr::null);
        let mut lets = Vec::new();
        for node in &self.nodes {
            let NodeKind::Let { variable, value } = &node.kind else { return None };
            lets.push((*variable, value));
        }
        for (at, (variable, bound)) in lets.iter().enumerate().rev() {
            let mut uses = value.uses(*variable);
            uses += lets[at + 1..].iter().map(|(_, later)| later.uses(*variable)).sum::<usize>();
            if uses > 1 && !bound.is_trivial() {
                if !keeps_names {
                    return None;
                }
                value = Expr::local(*variable, bound, &value);
                continue;
            }
            value = value.replace(&|id| (id == *variable).then(|| Expr::clone(bound)));
        }
        Some(value)
    }
}

/// Above this many parts, what follows a choice is not written out behind each of its ways.
const LARGE: usize = 60;

impl Block {
    /// What the block of a closure gives, as one expression: a `return` in it ends it early.
    pub(crate) fn as_calculation(&self) -> Option<Expr> {
        calculation(&self.nodes, self.value.clone())
    }

    /// Whether a branch or an iteration of it can succeed: some way leads to its end, or gives its value early.
    pub(crate) fn succeeds(&self) -> bool {
        !self.diverges() || self.nodes.iter().any(Node::gives)
    }

    /// The variables that are given other values in it.
    pub(crate) fn changed(&self) -> Vec<VariableId> {
        self.nodes.iter().flat_map(Node::changed).collect()
    }

    /// Whether some node of it, or of what stands in it, is so.
    pub(crate) fn has(&self, is_so: &dyn Fn(&NodeKind) -> bool) -> bool {
        self.nodes
            .iter()
            .any(|node| is_so(&node.kind) || node.blocks().into_iter().any(|inner| inner.has(is_so)))
    }
}

fn calculation(nodes: &[Node], value: Option<Expr>) -> Option<Expr> {
    let Some((first, rest)) = nodes.split_first() else { return Some(value.unwrap_or_else(Expr::null)) };
    match &first.kind {
        NodeKind::Let { variable, value: bound } => {
            let body = calculation(rest, value)?;
            if body.uses(*variable) > 1 && !bound.is_trivial() {
                return Some(Expr::local(*variable, bound, &body));
            }
            Some(body.replace(&|id| (id == *variable).then(|| bound.clone())))
        }
        NodeKind::Return(value) => Some(value.clone()),
        NodeKind::Choice(choice) if choice.result.is_none() => {
            let bodies = || choice.rules.iter().map(|rule| &rule.body).chain([&choice.otherwise]);
            let behind = calculation(rest, value)?;
            if behind.is_larger_than(LARGE) && bodies().filter(|body| !body.diverges()).count() > 1 {
                return None;
            }
            let way = |body: &Block| calculation(&body.nodes, Some(behind.clone()));
            choice.rules.iter().rev().try_fold(way(&choice.otherwise)?, |otherwise, rule| {
                let (condition, then) = (rule.condition.clone(), way(&rule.body)?);
                Some(Expr::new(ExprKind::If { condition, then, otherwise }))
            })
        }
        _ => None,
    }
}

impl Node {
    /// Whether it ends the scope that it stands in with a value, and not one of its own.
    fn gives(&self) -> bool {
        match &self.kind {
            NodeKind::Return(_) => true,
            NodeKind::Parallel { .. } | NodeKind::Map(_) => false,
            _ => self.blocks().into_iter().any(|block| block.nodes.iter().any(Self::gives)),
        }
    }

    /// The variables that are given other values by it.
    pub(crate) fn changed(&self) -> Vec<VariableId> {
        let own = match &self.kind {
            NodeKind::Set { variable, .. } => Some(*variable),
            _ => None,
        };
        let steps = match &self.kind {
            NodeKind::Loop(repeated) => repeated.step.as_slice(),
            _ => &[],
        };
        let inside = self.blocks().into_iter().flat_map(Block::changed);
        own.into_iter().chain(steps.iter().flat_map(Self::changed)).chain(inside).collect()
    }

    /// Whether no path leads on behind it.
    pub(crate) fn diverges(&self) -> bool {
        match &self.kind {
            NodeKind::Return(_)
            | NodeKind::Fail { .. }
            | NodeKind::Rethrow { .. }
            | NodeKind::Break { .. }
            | NodeKind::Continue { .. } => true,
            NodeKind::Loop(repeated) => !repeated.ends,
            NodeKind::Choice(choice) => {
                choice.otherwise.diverges() && choice.rules.iter().all(|rule| rule.body.diverges())
            }
            NodeKind::Task(call) => {
                call.ok.as_ref().is_some_and(Block::diverges)
                    && call.arms.iter().all(|arm| arm.body.diverges())
            }
            NodeKind::Parallel { branches, failure: None, .. } => {
                !branches.iter().all(|(branch, _)| branch.succeeds())
            }
            NodeKind::Let { .. }
            | NodeKind::Set { .. }
            | NodeKind::Parallel { .. }
            | NodeKind::Map(_)
            | NodeKind::Commit
            | NodeKind::Wait { .. } => false,
        }
    }
}

impl Expr {
    /// Calls `visit` with every expression directly inside this one.
    pub(crate) fn for_each_child<'e>(&'e self, mut visit: impl FnMut(&'e Self)) {
        match self.kind() {
            ExprKind::Literal(_)
            | ExprKind::Variable(_)
            | ExprKind::Source(_)
            | ExprKind::Placeholder(_)
            | ExprKind::Pattern(_) => {}
            ExprKind::Raw { names, .. } => names.iter().for_each(|(_, named)| visit(named)),
            ExprKind::When { condition: one, then: other } | ExprKind::Entry { key: one, value: other } => {
                visit(one);
                visit(other);
            }
            ExprKind::Field { of: inner, .. }
            | ExprKind::Index { of: inner, .. }
            | ExprKind::Exists(inner)
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Text(inner)
            | ExprKind::Ordinal(inner) => visit(inner),
            ExprKind::Binary { left, right, .. } | ExprKind::Quotient { left, right, .. } => {
                visit(left);
                visit(right);
            }
            ExprKind::Range { from, last } => {
                visit(from);
                visit(last);
            }
            ExprKind::Element { of, at } => {
                visit(of);
                visit(at);
            }
            ExprKind::Concat(parts)
            | ExprKind::Merge(parts)
            | ExprKind::Function { arguments: parts, .. } => parts.iter().for_each(visit),
            ExprKind::Array(elements) => elements.iter().for_each(|element| visit(element.expr())),
            ExprKind::Object(entries) => entries.iter().for_each(|(_, entry)| visit(entry)),
            ExprKind::Lambda { body, .. } => visit(body),
            ExprKind::Collected(sequence) => visit(&sequence.expr),
            ExprKind::FirstOr(sequence, otherwise) => {
                visit(&sequence.expr);
                visit(otherwise.expr());
            }
            ExprKind::If { condition, then, otherwise } => {
                visit(condition);
                visit(then);
                visit(otherwise);
            }
            ExprKind::Local { bindings, body } => {
                for (_, bound) in bindings {
                    visit(bound);
                }
                visit(body);
            }
        }
    }

    /// Calls `visit` with every variable mentioned, as often as it is; names bound inside are not free. What a lambda
    /// mentions is read for each element, so it counts as more than once.
    pub(crate) fn for_each_variable(&self, visit: &mut impl FnMut(VariableId)) {
        match self.kind() {
            ExprKind::Variable(id) => visit(*id),
            ExprKind::Local { bindings, body } => {
                let mut free = |id| {
                    if !bindings.iter().any(|(bound, _)| *bound == id) {
                        visit(id);
                    }
                };
                for (_, bound) in bindings {
                    bound.for_each_variable_dyn(&mut free);
                }
                body.for_each_variable_dyn(&mut free);
            }
            ExprKind::Lambda { parameters, body } => body.for_each_variable_dyn(&mut |id| {
                if !parameters.contains(&id) {
                    visit(id);
                    visit(id);
                }
            }),
            ExprKind::Raw { text, names } => {
                for (name, named) in names {
                    for _ in 0..mentions(text, name) {
                        named.for_each_variable_dyn(visit);
                    }
                }
            }
            _ => self.for_each_child(|child| child.for_each_variable(visit)),
        }
    }

    /// The same behind a pointer, so that nested names do not nest types.
    fn for_each_variable_dyn(&self, visit: &mut dyn FnMut(VariableId)) {
        self.for_each_variable(&mut |id| visit(id));
    }

    /// How often a variable is mentioned.
    pub(crate) fn uses(&self, variable: VariableId) -> usize {
        let mut uses = 0;
        self.for_each_variable(&mut |id| uses += usize::from(id == variable));
        uses
    }

    /// Whether it is made of more parts than a limit.
    pub(crate) fn is_larger_than(&self, limit: usize) -> bool {
        let mut left = limit;
        !self.fits(&mut left)
    }

    fn fits(&self, left: &mut usize) -> bool {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let mut fits = true;
        self.for_each_child(|child| fits = fits && child.fits(left));
        fits
    }

    /// The expression with variables replaced.
    pub(crate) fn replace(&self, of: &dyn Fn(VariableId) -> Option<Self>) -> Self {
        self.rewrite(&|leaf| match leaf {
            ExprKind::Variable(id) => of(*id),
            _ => None,
        })
    }

    /// The expression with one source in another's place.
    pub(crate) fn with_source(&self, source: Source, other: Source) -> Self {
        self.rewrite(&|leaf| (*leaf == ExprKind::Source(source)).then(|| Self::source(other)))
    }

    /// The expression with parts replaced, the outermost first.
    pub(crate) fn rewrite(&self, part: &dyn Fn(&ExprKind) -> Option<Self>) -> Self {
        if let Some(other) = part(self.kind()) {
            return other;
        }
        let again = |inner: &Self| inner.rewrite(part);
        match self.kind() {
            ExprKind::Variable(_) | ExprKind::Literal(_) | ExprKind::Source(_) | ExprKind::Placeholder(_) => {
                self.clone()
            }
            ExprKind::Raw { text, names } => {
                let names = names.iter().map(|(name, named)| (name.clone(), again(named)));
                Self::new(ExprKind::Raw { text: text.clone(), names: names.collect() })
            }
            ExprKind::Field { of: inner, wire, absent } => Self::field(&again(inner), wire, absent.clone()),
            ExprKind::Index { of: inner, index } => Self::index(&again(inner), *index),
            ExprKind::Element { of, at } => {
                let of = again(of);
                if of.is_null() { of } else { Self::new(ExprKind::Element { of, at: again(at) }) }
            }
            ExprKind::Range { from, last } => {
                Self::new(ExprKind::Range { from: again(from), last: again(last) })
            }
            ExprKind::Function { name, arguments } => {
                Self::function(name, arguments.iter().map(again).collect::<Vec<_>>())
            }
            ExprKind::Pattern(_) => self.clone(),
            ExprKind::Ordinal(inner) => Self::new(ExprKind::Ordinal(again(inner))),
            ExprKind::When { condition, then } => {
                Self::new(ExprKind::When { condition: again(condition), then: again(then) })
            }
            ExprKind::Entry { key, value } => {
                Self::new(ExprKind::Entry { key: again(key), value: again(value) })
            }
            ExprKind::Exists(inner) => Self::new(ExprKind::Exists(again(inner))),
            ExprKind::Not(inner) => Self::new(ExprKind::Not(again(inner))),
            ExprKind::Negate(inner) => Self::new(ExprKind::Negate(again(inner))),
            ExprKind::Text(inner) => Self::new(ExprKind::Text(again(inner))),
            ExprKind::Binary { operator, left, right } => {
                Self::binary(*operator, &again(left), &again(right))
            }
            ExprKind::Quotient { left, right, signed } => {
                Self::new(ExprKind::Quotient { left: again(left), right: again(right), signed: *signed })
            }
            ExprKind::Concat(parts) => Self::new(ExprKind::Concat(parts.iter().map(again).collect())),
            ExprKind::Merge(parts) => Self::new(ExprKind::Merge(parts.iter().map(again).collect())),
            ExprKind::Array(elements) => {
                let elements = elements.iter().map(|element| element.with(again(element.expr())));
                Self::new(ExprKind::Array(elements.collect()))
            }
            ExprKind::Object(entries) => {
                let entries = entries.iter().map(|(name, entry)| (name.clone(), again(entry)));
                Self::new(ExprKind::Object(entries.collect()))
            }
            ExprKind::Lambda { parameters, body } => {
                Self::new(ExprKind::Lambda { parameters: parameters.clone(), body: again(body) })
            }
            ExprKind::Collected(sequence) => {
                Self::new(ExprKind::Collected(sequence.with(again(&sequence.expr))))
            }
            ExprKind::FirstOr(sequence, otherwise) => Self::new(ExprKind::FirstOr(
                sequence.with(again(&sequence.expr)),
                otherwise.with(again(otherwise.expr())),
            )),
            ExprKind::If { condition, then, otherwise } => {
                Self::choice(again(condition), again(then), again(otherwise))
            }
            ExprKind::Local { bindings, body } => {
                let bindings = bindings.iter().map(|(id, bound)| (*id, again(bound)));
                Self::new(ExprKind::Local { bindings: bindings.collect(), body: again(body) })
            }
        }
    }
}

impl Expr {
    /// Whether a condition holds, where that is known before it is evaluated.
    pub(crate) fn decided(&self) -> Option<bool> {
        match self.kind() {
            ExprKind::Literal(value) => value.as_bool(),
            ExprKind::Not(inner) => inner.decided().map(|holds| !holds),
            // What stands on the right is not evaluated, what stands on the left may fail.
            ExprKind::Binary { operator: operator @ (Operator::And | Operator::Or), left, right } => {
                let deciding = *operator == Operator::Or;
                match left.decided() {
                    Some(holds) if holds == deciding => Some(deciding),
                    Some(_) => right.decided(),
                    None => right.decided().filter(|holds| *holds == deciding && left.never_fails()),
                }
            }
            // Nothing is equal to anything, and to nothing unequal.
            ExprKind::Binary { operator: Operator::Equal | Operator::NotEqual, left, right }
                if left.is_nothing() || right.is_nothing() =>
            {
                Some(false)
            }
            ExprKind::Binary { operator: Operator::Equal, left, right } => left.equals(right),
            ExprKind::Binary { operator: Operator::NotEqual, left, right } => {
                left.equals(right).map(|equals| !equals)
            }
            ExprKind::Exists(inner) if inner.is_nothing() => Some(false),
            ExprKind::Exists(inner) => match inner.kind() {
                ExprKind::Literal(serde_json::Value::Null) => None,
                ExprKind::Literal(_) | ExprKind::Object(_) => Some(true),
                ExprKind::Array(elements) if !elements.is_empty() => Some(true),
                _ => None,
            },
            ExprKind::Binary { operator, left, right } => {
                let order = left.as_literal()?.as_i64()?.cmp(&right.as_literal()?.as_i64()?);
                match operator {
                    Operator::Less => Some(order.is_lt()),
                    Operator::LessOrEqual => Some(order.is_le()),
                    Operator::Greater => Some(order.is_gt()),
                    Operator::GreaterOrEqual => Some(order.is_ge()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether nothing behind it is evaluated where it stands on the left of an operator: what it ends with decides.
    pub(crate) fn settles(&self, operator: Operator) -> bool {
        let deciding = match operator {
            Operator::And => false,
            Operator::Or => true,
            _ => return false,
        };
        let last = match self.kind() {
            ExprKind::Binary { operator: own, right, .. } if *own == operator => right,
            _ => self,
        };
        last.decided() == Some(deciding)
    }

    /// Whether a condition is evaluated without a failure, whatever is in the variables.
    fn never_fails(&self) -> bool {
        match self.kind() {
            ExprKind::Literal(value) => value.is_boolean(),
            ExprKind::Not(inner) => inner.never_fails(),
            ExprKind::Exists(inner) => inner.is_trivial(),
            ExprKind::Binary { operator: Operator::And | Operator::Or, left, right } => {
                left.never_fails() && right.never_fails()
            }
            ExprKind::Binary { operator: Operator::Equal | Operator::NotEqual, left, right } => {
                left.is_trivial() && right.is_trivial()
            }
            _ => false,
        }
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        let is_scalar = |value: &serde_json::Value| !value.is_array() && !value.is_object();
        let is_made = |expr: &Self| {
            matches!(
                expr.kind(),
                ExprKind::Object(_) | ExprKind::Array(_) | ExprKind::Source(Source::ErrorOutput)
            )
        };
        match (self.as_literal(), other.as_literal()) {
            (Some(one), Some(two)) if !one.is_f64() && !two.is_f64() => Some(one == two),
            (Some(one), None) if is_scalar(one) && is_made(other) => Some(false),
            (None, Some(two)) if is_scalar(two) && is_made(self) => Some(false),
            (Some(one), None) if one.is_null() && other.is_calculated() => Some(false),
            (None, Some(two)) if two.is_null() && self.is_calculated() => Some(false),
            _ => None,
        }
    }

    /// Whether it is a number, a text or a condition, whatever it is made of.
    fn is_calculated(&self) -> bool {
        matches!(
            self.kind(),
            ExprKind::Binary { .. }
                | ExprKind::Quotient { .. }
                | ExprKind::Negate(_)
                | ExprKind::Not(_)
                | ExprKind::Exists(_)
                | ExprKind::Text(_)
                | ExprKind::Concat(_)
        )
    }

    /// Whether it is a field of what is known to have none of this name.
    fn is_nothing(&self) -> bool {
        let ExprKind::Field { of, wire, absent: None } = self.kind() else { return false };
        match of.kind() {
            ExprKind::Literal(serde_json::Value::Array(_)) => false,
            ExprKind::Literal(value) => value.get(wire).is_none(),
            ExprKind::Object(entries) => entries.iter().all(|(name, _)| name != wire),
            _ => of.is_nothing(),
        }
    }
}

/// How often a text of JSONata mentions a variable.
fn mentions(text: &str, name: &str) -> usize {
    let goes_on = |behind: &str| behind.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    text.split('$')
        .skip(1)
        .filter(|rest| rest.strip_prefix(name).is_some_and(|behind| !goes_on(behind)))
        .count()
}
