//! Where control goes next and what is bound on the way: the continuation of the lowering.
//! Separate because turning it into an edge is where bindings made one after the other become assignments made at once.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Edge, Graph, StateId, StateKind};
use super::live::VariableSet;
use crate::ir::{Element, Expr, ExprKind, Source, VariableId};

/// How often one edge may bind a variable: each value is written out in the next.
const REBINDINGS_PER_EDGE: usize = 4;

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

    /// Whether a variable is bound so often on the way that its value would be written out again and again.
    pub(super) fn repeats_itself(&self, variable: VariableId) -> bool {
        self.bindings.iter().filter(|(bound, _)| *bound == variable).count() == REBINDINGS_PER_EDGE
    }

    /// How often the value of a variable that is bound in front of it would be written out: where it is read itself, and
    /// where what is made of it on the way is.
    pub(super) fn writes_out(&self, variable: VariableId, graph: &Graph) -> usize {
        let mut live = VariableSet::default();
        let mut uses: BTreeMap<VariableId, usize> = BTreeMap::new();
        match &self.goto {
            Goto::State(id) => live.extend(&graph.state(*id).live),
            Goto::End(value) => value.for_each_variable(&mut |id| *uses.entry(id).or_default() += 1),
            Goto::Discard => {}
        }
        for (bound, value) in &self.bindings {
            let times = uses.remove(bound).unwrap_or_default() + usize::from(live.contains(*bound));
            live.remove(*bound);
            value.for_each_variable(&mut |id| *uses.entry(id).or_default() += times);
        }
        uses.remove(&variable).unwrap_or_default() + usize::from(live.contains(variable))
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
        if let Some(beyond) = self.beyond_decided(graph) {
            return beyond.edge(graph, end);
        }
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

impl Target {
    /// The same continuation behind a choice that its bindings decide: a transition less for whoever comes this way.
    pub(super) fn beyond_decided(&self, graph: &Graph) -> Option<Self> {
        let Goto::State(id) = self.goto else { return None };
        let state = graph.state(id);
        let StateKind::Choice { rules, default } = &state.kind else { return None };
        // The rules of a loop's head are not known yet.
        if self.bindings.is_empty() || state.is_repeated || !can_be_read_again(&self.bindings) {
            return None;
        }
        let bindings = self.in_order();
        let mut edge = default;
        for rule in rules {
            match bindings.close(&rule.condition).decided() {
                Some(true) => {
                    edge = &rule.edge;
                    break;
                }
                Some(false) => {}
                None => return None,
            }
        }
        self.followed_by(edge, graph)
    }

    /// The same bindings and then an edge's, unless those depend on being made at once.
    fn followed_by(&self, edge: &Edge, graph: &Graph) -> Option<Self> {
        let reads_another = |(at, (_, value)): (usize, &(VariableId, Expr))| {
            let mut others = edge.assigns.iter().enumerate().filter(|(other, _)| *other != at);
            others.any(|(_, (variable, _))| value.uses(*variable) > 0)
        };
        if edge.assigns.iter().enumerate().any(reads_another) {
            return None;
        }
        let to = edge.to?;
        let is_end = matches!(graph.state(to).kind, StateKind::Succeed { output: None });
        let goto = match &edge.output {
            Some(output) if is_end && edge.assigns.is_empty() => Goto::End(output.clone()),
            None if is_end => Goto::Discard,
            None => Goto::State(to),
            Some(_) => return None,
        };
        let bindings = edge.assigns.iter().chain(&self.bindings).cloned().collect();
        Some(Self { bindings, goto })
    }
}

/// Whether values may be written out wherever what they are bound to is read: not those that are others each time.
pub(super) fn can_be_read_again(bindings: &[(VariableId, Expr)]) -> bool {
    !bindings.iter().any(|(_, value)| value.is_volatile())
}

/// Bindings made one after the other.
#[derive(Debug)]
pub(super) struct Bindings {
    list: Vec<(VariableId, Expr)>,
    places: BTreeMap<VariableId, usize>,
    /// Whether every value is already in terms of what was known before the first binding.
    at_once: bool,
}

impl Bindings {
    pub(super) fn new(list: Vec<(VariableId, Expr)>) -> Self {
        let at_once = changes_what_it_reads(&list);
        let list = if at_once { made_at_once(list) } else { list };
        let places = list.iter().enumerate().map(|(at, (variable, _))| (*variable, at)).collect();
        Self { list, places, at_once }
    }

    /// The same as seen from a scope inside: there the execution's input is not the state's.
    pub(super) fn seen_from_inside(&self) -> Self {
        let outside = |value: &Expr| value.with_source(Source::Input, Source::ExecutionInput);
        let list = self.list.iter().map(|(variable, value)| (*variable, outside(value))).collect();
        Self { list, places: self.places.clone(), at_once: self.at_once }
    }

    /// The bindings of variables that are read later.
    pub(super) fn needed<'b>(
        &'b self,
        live: &'b VariableSet,
    ) -> impl Iterator<Item = (VariableId, &'b Expr)> {
        self.list.iter().filter(|(id, _)| live.contains(*id)).map(|(id, value)| (*id, value))
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = VariableId> {
        self.list.iter().map(|(variable, _)| *variable)
    }

    /// The values, each in terms of what was known before the first binding, of the variables read later.
    pub(super) fn assigns(&self, live: &VariableSet) -> Vec<(VariableId, Expr)> {
        let read_later = self.list.iter().enumerate().filter(|(_, (variable, _))| live.contains(*variable));
        let closed = |(at, (variable, value)): (usize, &(VariableId, Expr))| {
            (*variable, if self.at_once { value.clone() } else { self.close_before(at, value) })
        };
        read_later.map(closed).collect()
    }

    /// An expression that stands behind the bindings, in terms of what was known before the first of them.
    pub(super) fn close(&self, expr: &Expr) -> Expr {
        self.close_before(self.list.len(), expr)
    }

    fn close_before(&self, limit: usize, expr: &Expr) -> Expr {
        if limit == 0 {
            return expr.clone();
        }
        if self.at_once {
            return expr.replace(&|id| self.places.get(&id).map(|at| self.list[*at].1.clone()));
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

/// Whether a variable is bound behind a value that reads what it was before: `i = i + 1`, or a second binding.
fn changes_what_it_reads(list: &[(VariableId, Expr)]) -> bool {
    let mut read = VariableSet::default();
    let mut bound = VariableSet::default();
    list.iter().any(|(variable, value)| {
        value.for_each_variable(&mut |id| {
            if !bound.contains(id) {
                read.insert(id);
            }
        });
        let changes = read.contains(*variable) || bound.contains(*variable);
        bound.insert(*variable);
        changes
    })
}

/// The last value of each variable, in terms of what was known before the first binding.
fn made_at_once(list: Vec<(VariableId, Expr)>) -> Vec<(VariableId, Expr)> {
    let mut latest: BTreeMap<VariableId, Expr> = BTreeMap::new();
    let mut order = Vec::new();
    for (variable, value) in list {
        let value = value.replace(&|id| latest.get(&id).cloned());
        if latest.insert(variable, value).is_none() {
            order.push(variable);
        }
    }
    order.into_iter().filter_map(|variable| latest.remove(&variable).map(|value| (variable, value))).collect()
}
