//! The start of a scope: bindings in front of the first state, which no state before it can carry.
//! Separate because they sink into the first state instead: it reads what they stand for, its edges assign what is left.

use super::graph::{NameHint, StateId, StateKind};
use super::live::VariableSet;
use super::naming;
use super::sequence::Lowering;
use super::target::{Bindings, Goto, Target};
use crate::Origin;
use crate::ir::{Expr, Source, VariableId};

impl Lowering<'_> {
    /// The first state of a scope whose input, or what else comes with it, is bound to variables.
    pub(super) fn enter(
        &mut self,
        origin: Option<Origin>,
        mut target: Target,
        inputs: &[(VariableId, Expr)],
    ) -> StateId {
        for (variable, value) in inputs {
            target.bind_first(*variable, value.clone());
        }
        let bindings = target.in_order();
        let succeed = match target.goto() {
            Goto::End(value) => Some(bindings.close(value)),
            Goto::Discard => None,
            Goto::State(id) => return self.enter_by(*id, origin, &target, &bindings),
        };
        let live = target.live(&self.graph);
        let name = NameHint::Wanted(naming::SUCCEEDED.to_owned(), None);
        self.state(StateKind::Succeed { output: succeed }, origin, None, name, live)
    }

    pub(super) fn enter_by(
        &mut self,
        first: StateId,
        origin: Option<Origin>,
        target: &Target,
        bindings: &Bindings,
    ) -> StateId {
        let live = &self.graph.state(first).live;
        if bindings.variables().all(|variable| !live.contains(variable)) {
            return first;
        }
        let is_nested = self.ends.len() > 1;
        // What sinks into the state is written out wherever it is read there.
        let is_volatile = bindings.needed(live).any(|(_, value)| value.is_volatile());
        if is_volatile {
            return self.pass(origin, target);
        }
        if self.graph.state(first).is_repeated {
            return self.enter_loop(first, origin, target, bindings, is_nested);
        }
        // The input of an iteration is out of reach in the scopes inside its first state.
        let inner = self.inner_reads(first);
        let is_read_inside = bindings.variables().any(|variable| inner.contains(variable));
        if is_nested && is_read_inside && !self.hand_in(first, origin, bindings) {
            return self.pass(origin, target);
        }
        let live = target.live(&self.graph);
        self.sink(first, bindings);
        self.graph.states[first.0].live = live;
        first
    }

    /// A loop that comes first meets its first state again, when the state's input is another: the execution's input is
    /// read from the Context Object, anything else is assigned in front.
    fn enter_loop(
        &mut self,
        first: StateId,
        origin: Option<Origin>,
        target: &Target,
        bindings: &Bindings,
        is_nested: bool,
    ) -> StateId {
        let needed: Vec<_> = bindings.needed(&self.graph.state(first).live).collect();
        match needed.as_slice() {
            [(input, value)] if !is_nested && **value == Expr::source(Source::Input) => {
                let input = Bindings::new(vec![(*input, Expr::source(Source::ExecutionInput))]);
                self.sink_into_scope(first, &input);
                first
            }
            _ => self.pass(origin, target),
        }
    }

    fn inner_reads(&self, state: StateId) -> VariableSet {
        let mut reads = VariableSet::default();
        for start in self.graph.state(state).kind.scopes() {
            reads.extend(&self.graph.state(start).live);
        }
        reads
    }

    fn sink(&mut self, first: StateId, bindings: &Bindings) {
        let scopes = self.graph.state(first).kind.scopes();
        let edges = self.graph.state(first).kind.edges();
        let behind: Vec<VariableSet> = edges
            .into_iter()
            .map(|edge| edge.to.map(|to| self.graph.state(to).live.clone()).unwrap_or_default())
            .collect();
        let kind = &mut self.graph.states[first.0].kind;
        for expr in kind.own_mut() {
            *expr = bindings.close(expr);
        }
        for (edge, behind) in kind.edges_mut().into_iter().zip(behind) {
            let mut assigns = bindings.assigns(&behind);
            assigns.retain(|(variable, _)| !edge.assigns.iter().any(|(known, _)| known == variable));
            assigns.extend(edge.assigns.iter().map(|(variable, value)| (*variable, bindings.close(value))));
            edge.assigns = assigns;
            edge.output = edge.output.as_ref().map(|output| bindings.close(output));
        }
        let bindings = bindings.seen_from_inside();
        for start in scopes {
            self.sink_into_scope(start, &bindings);
        }
    }

    /// Inside a Parallel or Map State that comes first, its variables are not assigned yet.
    fn sink_into_scope(&mut self, start: StateId, bindings: &Bindings) {
        for id in self.graph.scope(start) {
            let scopes = self.graph.state(id).kind.scopes();
            let kind = &mut self.graph.states[id.0].kind;
            for expr in kind.own_mut() {
                *expr = bindings.close(expr);
            }
            for edge in kind.edges_mut() {
                for (_, value) in &mut edge.assigns {
                    *value = bindings.close(value);
                }
                edge.output = edge.output.as_ref().map(|output| bindings.close(output));
            }
            for start in scopes {
                self.sink_into_scope(start, bindings);
            }
        }
    }
}
