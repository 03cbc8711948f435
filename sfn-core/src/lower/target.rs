//! Where control goes next and what is bound on the way: the continuation of the lowering.
//! Separate because turning it into an edge is where bindings made one after the other become assignments made at once.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Edge, Graph, StateId};
use super::live::VariableSet;
use crate::ir::{Element, Expr, ExprKind, Source, VariableId};

/// A continuation.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Bindings on the way, the last of them made first.
    bindings: Vec<(VariableId, Expr)>,
    goto: Goto,
}

#[derive(Clone, Debug)]
pub(super) enum Goto {
    State(StateId),
    /// The end of the scope, with its value.
    End(Expr),
    /// The end of the scope, whose value nobody reads.
    Discard,
}

impl Target {
    pub(super) fn state(id: StateId) -> Self {
        Self { bindings: Vec::new(), goto: Goto::State(id) }
    }

    pub(super) fn end(value: Expr) -> Self {
        Self { bindings: Vec::new(), goto: Goto::End(value) }
    }

    pub(super) fn discard() -> Self {
        Self { bindings: Vec::new(), goto: Goto::Discard }
    }

    /// Binds a variable before everything bound so far.
    pub(super) fn bind_first(&mut self, variable: VariableId, value: Expr) {
        self.bindings.push((variable, value));
    }

    pub(super) fn bindings(&self) -> usize {
        self.bindings.len()
    }

    pub(super) fn goto(&self) -> &Goto {
        &self.goto
    }

    /// The bindings, in the order in which they are made.
    pub(super) fn in_order(&self) -> Bindings {
        Bindings::new(self.bindings.iter().rev().cloned().collect())
    }

    /// The variables read on the way or behind it.
    pub(super) fn live(&self, graph: &Graph) -> VariableSet {
        let mut live = VariableSet::default();
        match &self.goto {
            Goto::State(id) => live.extend(&graph.state(*id).live),
            Goto::End(value) => live.read(value),
            Goto::Discard => {}
        }
        for (variable, value) in &self.bindings {
            if live.contains(*variable) {
                live.remove(*variable);
                live.read(value);
            }
        }
        live
    }

    /// The edge out of the state before, and the variables read on it and behind it.
    ///
    /// `end` is the state that ends the scope, for an edge that cannot end it by itself.
    pub(super) fn edge(&self, graph: &Graph, end: Option<StateId>) -> (Edge, VariableSet) {
        let bindings = self.in_order();
        let (behind, output, to) = match &self.goto {
            Goto::State(id) => (graph.state(*id).live.clone(), None, Some(*id)),
            Goto::End(value) => (VariableSet::default(), Some(bindings.close(value)), end),
            Goto::Discard => (VariableSet::default(), None, end),
        };
        let assigns = bindings.assigns(&behind);
        let live = self.live(graph);
        (Edge { assigns, output, to }, live)
    }
}

/// Bindings made one after the other.
#[derive(Debug)]
pub(super) struct Bindings {
    list: Vec<(VariableId, Expr)>,
    places: BTreeMap<VariableId, usize>,
}

impl Bindings {
    pub(super) fn new(list: Vec<(VariableId, Expr)>) -> Self {
        let places = list.iter().enumerate().map(|(at, (variable, _))| (*variable, at)).collect();
        Self { list, places }
    }

    /// The same as seen from a scope inside: there the execution's input is not the state's.
    pub(super) fn seen_from_inside(&self) -> Self {
        let outside = |value: &Expr| value.with_source(Source::Input, Source::ExecutionInput);
        Self::new(self.list.iter().map(|(variable, value)| (*variable, outside(value))).collect())
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = VariableId> {
        self.list.iter().map(|(variable, _)| *variable)
    }

    /// The values, each in terms of what was known before the first binding, of the variables read later.
    pub(super) fn assigns(&self, live: &VariableSet) -> Vec<(VariableId, Expr)> {
        let read_later = self.list.iter().enumerate().filter(|(_, (variable, _))| live.contains(*variable));
        read_later.map(|(at, (variable, value))| (*variable, self.close_before(at, value))).collect()
    }

    /// An expression that stands behind the bindings, in terms of what was known before the first of them.
    pub(super) fn close(&self, expr: &Expr) -> Expr {
        self.close_before(self.list.len(), expr)
    }

    fn close_before(&self, limit: usize, expr: &Expr) -> Expr {
        if limit == 0 {
            return expr.clone();
        }
        match expr.kind() {
            // Every leaf of a template is an expression of its own.
            ExprKind::Object(entries) => {
                let entries =
                    entries.iter().map(|(name, entry)| (name.clone(), self.close_before(limit, entry)));
                Expr::new(ExprKind::Object(entries.collect()))
            }
            ExprKind::Array(elements) => {
                let close = |element: &Element| element.with(self.close_before(limit, element.expr()));
                Expr::new(ExprKind::Array(elements.iter().map(close).collect()))
            }
            _ => self.close_leaf(limit, expr),
        }
    }

    fn close_leaf(&self, limit: usize, expr: &Expr) -> Expr {
        let mut uses: BTreeMap<usize, usize> = BTreeMap::new();
        let count = |uses: &mut BTreeMap<usize, usize>, expr: &Expr, limit: usize| {
            expr.for_each_variable(&mut |id| {
                if let Some(at) = self.places.get(&id).filter(|at| **at < limit) {
                    *uses.entry(*at).or_default() += 1;
                }
            });
        };
        count(&mut uses, expr, limit);
        let mut open: BTreeSet<usize> = uses.keys().copied().collect();
        while let Some(at) = open.pop_last() {
            let before = uses.clone();
            count(&mut uses, &self.list[at].1, at);
            open.extend(uses.keys().filter(|at| !before.contains_key(at)));
        }
        let mut inlined: BTreeMap<VariableId, Expr> = BTreeMap::new();
        let mut bindings = Vec::new();
        for (at, uses) in uses {
            let (variable, value) = &self.list[at];
            let value = value.replace(&|id| inlined.get(&id).cloned());
            if uses == 1 || value.is_trivial() {
                inlined.insert(*variable, value);
            } else {
                bindings.push((*variable, value));
            }
        }
        let body = expr.replace(&|id| inlined.get(&id).cloned());
        if bindings.is_empty() { body } else { Expr::new(ExprKind::Local { bindings, body }) }
    }
}
