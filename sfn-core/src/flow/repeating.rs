//! The statements that repeat, and what they need: `repeat`, `while_`, `for_each`, variables that change.
//! Separate because a loop is the one place where a variable's second value matters.

use std::any::TypeId;

use super::Flow;
use super::recording::Recorded;
use crate::ir::VariableRole;
use crate::ir::{Block, Choice, ChoiceKind, Expr, ExprKind, Loop, LoopId, Node, NodeKind, Operator, Rule};
use crate::val::COUNT;
use crate::{AnyVal, Arg, Origin, Payload, Symbolic, Val};

/// A loop as its body knows it: what [`Flow::leave`] leaves and [`Flow::again`] goes on with.
#[derive(Clone, Copy, Debug)]
pub struct Turn(LoopId);

/// A loop whose body is being recorded.
#[derive(Debug)]
pub(super) struct OpenLoop {
    id: LoopId,
    value: Option<AnyVal>,
}

impl Flow {
    /// Names a value that will change: `let mut name = value;`.
    ///
    /// ```
    /// use sfn_core::{Definition, literal, secs};
    ///
    /// let definition = Definition::from_flow("thrice", "", |flow| {
    ///     let count = flow.let_mut("count", literal(0));
    ///     flow.while_(count.lt(&literal(3)), "count < 3", |flow, _| {
    ///         flow.sleep(secs(60));
    ///         flow.set(&count, count.add(&literal(1)));
    ///     });
    ///     flow.succeed(count);
    /// });
    /// let machine = definition.lower().unwrap().machine;
    /// assert_eq!(
    ///     machine.states.keys().collect::<Vec<_>>(),
    ///     ["AssignCount", "Wait1Minute", "WhileCountBelow3", "Succeeded"],
    /// );
    /// ```
    #[track_caller]
    pub fn let_mut<V: Symbolic>(&mut self, name: &str, value: V) -> V {
        let origin = self.here();
        let value = value.into_any();
        self.report_faults(origin, &value);
        let variable = self.variable(Some(name), name, VariableRole::Mutable);
        self.depths.insert(variable, self.scopes);
        self.push(origin, NodeKind::Let { variable, value: value.expr.clone() });
        V::from_any(value.at_first().standing_for(Expr::variable(variable)))
    }

    /// Gives a variable another value: `name = value;`. The variable comes from [`let_mut`](Self::let_mut).
    #[track_caller]
    pub fn set<V: Symbolic + Clone>(&mut self, variable: &V, value: V) {
        let origin = self.here();
        let value = value.into_any();
        self.report_faults(origin, &value);
        let variable = variable.clone().into_any();
        let depth = variable.expr.as_variable().and_then(|id| Some((id, *self.depths.get(&id)?)));
        match depth {
            Some((id, depth)) if depth == self.scopes => {
                self.push(origin, NodeKind::Set { variable: id, value: value.expr });
            }
            Some(_) => self.report(
                "assignment-in-branch",
                origin,
                "a branch of `join!` or an iteration of `map` changes a variable from outside of it",
                "give the new value back as the branch's result: an inner scope reads outer variables and sets none",
            ),
            None if variable.faults.is_empty() => self.report(
                "not-assignable",
                origin,
                "a value that is no variable, or one that keeps its value, is assigned to",
                "bind it with `let_mut` first",
            ),
            None => {}
        }
    }

    /// Runs a block again and again until it leaves the loop: `loop { .. }`. Its value is what it is left with.
    #[track_caller]
    pub fn repeat<V: Symbolic>(&mut self, body: impl FnOnce(&mut Self, Turn)) -> V {
        let origin = self.here();
        V::from_any(self.looped(origin, Vec::new(), |flow, turn| flow.block(|flow| body(flow, turn)).block))
    }

    /// Runs a block as long as a condition holds: `while condition { .. }`; `text` is the condition as Rust writes it.
    #[track_caller]
    pub fn while_(&mut self, condition: impl Symbolic, text: &str, body: impl FnOnce(&mut Self, Turn)) {
        let origin = self.here();
        let condition = condition.into_any();
        self.report_faults(origin, &condition);
        self.looped(origin, Vec::new(), |flow, turn| {
            let body = flow.block(|flow| body(flow, turn));
            flow.guarded(origin, turn, ChoiceKind::While, text, condition.expr, body)
        });
    }

    /// Runs a block for each item of a list, one after the other: `for item in items { .. }`.
    #[track_caller]
    pub fn for_each<T: Payload>(
        &mut self,
        items: impl Arg<Vec<T>>,
        item_name: &str,
        body: impl FnOnce(&mut Self, Turn, Val<T>),
    ) {
        let items = AnyVal::of_argument(items.into_arg(), Vec::<T>::shape());
        self.for_each_any(items, item_name, |flow, turn, _, item| body(flow, turn, Val::from_erased(item)));
    }

    /// As [`for_each`](Self::for_each), erased; the block receives the item's place, from zero, and the item.
    #[track_caller]
    pub fn for_each_any(
        &mut self,
        items: AnyVal,
        item_name: &str,
        body: impl FnOnce(&mut Self, Turn, AnyVal, AnyVal),
    ) {
        let origin = self.here();
        let items = items.listed(self);
        self.report_faults(origin, &items);
        let item = self.item_of(origin, &items, "`for`");
        let text = format!("{item_name} in {}", self.items_name(&items.expr, item_name));
        // The list is what it is when the loop begins.
        let items = self.bind(origin, &format!("{item_name}_items"), items);
        let (from, end) = (Expr::literal(0), Expr::function("count", [items.expr.clone()]));
        self.counted(origin, (item_name, &text), (from, end), |flow, turn, at| {
            let place = Expr::new(ExprKind::Element { of: items.expr, at: at.clone() });
            let item = flow.bind(origin, item_name, item.standing_for(place));
            body(flow, turn, AnyVal::new(at, COUNT), item);
        });
    }

    /// Runs a block for each integer from one up to, and without, another: `for name in from..end { .. }`.
    #[track_caller]
    pub fn for_range(
        &mut self,
        from: AnyVal,
        end: AnyVal,
        name: &str,
        body: impl FnOnce(&mut Self, Turn, AnyVal),
    ) {
        let origin = self.here();
        let text = format!("{name} in a range");
        self.report_faults(origin, &from.lt(&end));
        let shape = if from.as_literal().is_some() { end.shape.clone() } else { from.shape.clone() };
        let end = self.bind(origin, &format!("{name}_end"), end);
        self.counted(origin, (name, &text), (from.expr, end.expr), |flow, turn, at| {
            let counter = AnyVal::new(at, shape);
            let item = flow.bind(origin, name, counter);
            body(flow, turn, item);
        });
    }

    /// Records the statements of a fragment, whose `return` leaves it and nothing around it.
    pub(crate) fn inline(
        &mut self,
        origin: Origin,
        fragment: TypeId,
        name: &str,
        body: impl FnOnce(&mut Self, Turn),
    ) -> AnyVal {
        if self.inlining.contains(&fragment) {
            self.report(
                "endless-inlining",
                origin,
                format!("`{name}` is inlined into itself, without end"),
                "call it in a loop, or let it be a workflow of its own: `#[workflow]` without `inline`",
            );
            return AnyVal::never();
        }
        self.inlining.push(fragment);
        let position = self.position;
        let value = self.looped(origin, Vec::new(), |flow, turn| flow.block(|flow| body(flow, turn)).block);
        self.position = position;
        self.inlining.pop();
        self.unfold(value)
    }

    /// A block that is left at its end and nowhere else is no block.
    fn unfold(&mut self, value: AnyVal) -> AnyVal {
        let Some(nodes) = self.blocks.last_mut() else { return value };
        let leaves_once = match nodes.last().map(|node| &node.kind) {
            Some(NodeKind::Loop(repeated)) => {
                let is_last =
                    |node: &Node| matches!(node.kind, NodeKind::Break { of, .. } if of == repeated.id);
                let (last, others) = match repeated.body.nodes.split_last() {
                    Some((last, others)) => (Some(last), others),
                    None => (None, [].as_slice()),
                };
                let others = Block { nodes: others.to_vec(), value: None };
                !leaves(&others, repeated.id) && last.is_none_or(|last| is_last(last) || !repeated.ends)
            }
            _ => false,
        };
        if !leaves_once {
            return value;
        }
        let Some(Node { kind: NodeKind::Loop(repeated), .. }) = nodes.pop() else { return value };
        let mut inner = repeated.body.nodes;
        let left_with = match inner.pop_if(|node| matches!(node.kind, NodeKind::Break { .. })) {
            Some(Node { kind: NodeKind::Break { value, .. }, .. }) => value,
            _ => None,
        };
        nodes.extend(inner);
        match left_with {
            Some(left_with) if repeated.result.is_some() => value.standing_for(left_with),
            _ => value,
        }
    }

    /// Runs a block once that may be left before its end: `'name: { .. break 'name value; .. }`.
    #[track_caller]
    pub fn labelled<V: Symbolic>(&mut self, body: impl FnOnce(&mut Self, Turn) -> V) -> V {
        let origin = self.here();
        V::from_any(self.looped(origin, Vec::new(), |flow, turn| {
            let mut recorded = flow.block(|flow| body(flow, turn));
            if !recorded.block.diverges() {
                flow.report_faults(origin, &recorded.value);
                let value = Some(flow.left_with(turn, &recorded.value).unwrap_or_else(Expr::null));
                recorded.block.nodes.push(Node { origin, kind: NodeKind::Break { of: turn.0, value } });
            }
            recorded.block
        }))
    }

    /// Leaves a loop: `break value`.
    #[track_caller]
    pub fn leave(&mut self, turn: Turn, value: impl Symbolic) {
        let origin = self.here();
        let value = value.into_any();
        self.report_faults(origin, &value);
        if let Some(value) = self.left_with(turn, &value) {
            self.push(origin, NodeKind::Break { of: turn.0, value: Some(value) });
        }
    }

    /// A value that a loop may be left with; the first that is no constant tells what they all are.
    fn left_with(&mut self, turn: Turn, value: &AnyVal) -> Option<Expr> {
        let open = self.loops.iter_mut().find(|open| open.id == turn.0)?;
        let expr = value.expr.clone();
        open.value = AnyVal::telling(open.value.iter().chain([value]));
        Some(expr)
    }

    /// Goes on with a loop's next turn: `continue`.
    #[track_caller]
    pub fn again(&mut self, turn: Turn) {
        let origin = self.here();
        self.push(origin, NodeKind::Continue { of: turn.0 });
    }

    /// A loop over the integers of a half-open range.
    fn counted(
        &mut self,
        origin: Origin,
        (name, text): (&str, &str),
        (from, end): (Expr, Expr),
        body: impl FnOnce(&mut Self, Turn, Expr),
    ) {
        let counter = self.variable(Some(&format!("{name}_index")), "index", VariableRole::Mutable);
        self.push(origin, NodeKind::Let { variable: counter, value: from });
        let at = Expr::variable(counter);
        let next = Expr::binary(Operator::Add, &at, &Expr::literal(1));
        let step = Node { origin, kind: NodeKind::Set { variable: counter, value: next } };
        self.looped(origin, vec![step], |flow, turn| {
            let condition = Expr::binary(Operator::Less, &at, &end);
            let body = flow.block(|flow| body(flow, turn, at));
            flow.guarded(origin, turn, ChoiceKind::For, text, condition, body)
        });
    }

    /// The body of a loop that goes on while a condition holds.
    pub(super) fn guarded(
        &mut self,
        origin: Origin,
        turn: Turn,
        kind: ChoiceKind,
        text: &str,
        condition: Expr,
        body: Recorded,
    ) -> Block {
        self.report_faults(origin, &body.value);
        let leave = Node { origin, kind: NodeKind::Break { of: turn.0, value: None } };
        let body = Block { value: None, ..body.block };
        let choice = Choice {
            text: text.to_owned(),
            kind,
            result: None,
            rules: vec![Rule { condition, text: None, body }],
            otherwise: Block { nodes: vec![leave], value: None },
        };
        Block { nodes: vec![Node { origin, kind: NodeKind::Choice(choice) }], value: None }
    }

    fn looped(
        &mut self,
        origin: Origin,
        step: Vec<Node>,
        body: impl FnOnce(&mut Self, Turn) -> Block,
    ) -> AnyVal {
        let id = LoopId(self.loops_opened);
        self.loops_opened += 1;
        let result = self.variable(None, "value", VariableRole::Bound);
        self.loops.push(OpenLoop { id, value: None });
        let mut body = body(self, Turn(id));
        body.value = None;
        let value = self.loops.pop().and_then(|open| open.value);
        let ends = leaves(&body, id);
        let has_value = value.as_ref().is_some_and(|value| !value.is_unit());
        if !ends
            && body.nodes.iter().all(|node| matches!(node.kind, NodeKind::Let { .. } | NodeKind::Set { .. }))
        {
            self.report(
                "endless-loop",
                origin,
                "this loop does nothing and never ends",
                "leave it with `break`",
            );
        }
        let result = has_value.then_some(result);
        self.push(origin, NodeKind::Loop(Box::new(Loop { id, body, step, result, ends })));
        match (result, value) {
            (Some(result), Some(value)) => value.standing_for(Expr::variable(result)),
            _ if ends => AnyVal::unit(),
            _ => AnyVal::never(),
        }
    }

    /// Whether an expression reads a variable that changes.
    pub(super) fn reads_mutable(&self, expr: &Expr) -> bool {
        let mut found = false;
        expr.for_each_variable(&mut |id| found |= self.depths.contains_key(&id));
        found
    }
}

/// Whether a block leaves a loop.
fn leaves(block: &Block, of: LoopId) -> bool {
    block.has(&|kind| matches!(kind, NodeKind::Break { of: left, .. } if *left == of))
}
