//! An iteration that begins with a Parallel State hands its input to the branches, which receive it as their own.
//! Separate from other starts of a scope because each branch then reads variables of its own, with the same values.

use std::collections::BTreeMap;

use super::graph::{StateId, StateKind};
use super::sequence::Lowering;
use super::target::{Bindings, Target};
use crate::Origin;
use crate::ir::{Expr, VariableId};

impl Lowering<'_> {
    /// Binds in each branch of a Parallel State what it reads of the bindings in front of the state. Nothing is done, and
    /// the answer is no, if it is another state.
    pub(super) fn hand_in(&mut self, first: StateId, origin: Option<Origin>, bindings: &Bindings) -> bool {
        let StateKind::Parallel { branches, .. } = &self.graph.state(first).kind else { return false };
        let starts: Vec<_> = branches.clone();
        let starts = starts.into_iter().map(|start| self.receive(start, origin, bindings)).collect();
        if let StateKind::Parallel { branches, .. } = &mut self.graph.states[first.0].kind {
            *branches = starts;
        }
        true
    }

    /// The start of a branch whose input is the state's.
    fn receive(&mut self, start: StateId, origin: Option<Origin>, bindings: &Bindings) -> StateId {
        let mut own = BTreeMap::new();
        let mut target = Target::state(start);
        for (variable, value) in bindings.assigns(&self.graph.state(start).live) {
            let id = VariableId(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
            self.variables.push(self.variables[variable.0 as usize].clone());
            own.insert(variable, id);
            target.bind_first(id, value);
        }
        if own.is_empty() {
            return start;
        }
        self.rename(start, &own);
        let bindings = target.in_order();
        self.enter_by(start, origin, &target, &bindings)
    }

    /// Puts other variables in the places of some, in a scope and in the scopes inside it.
    fn rename(&mut self, start: StateId, others: &BTreeMap<VariableId, VariableId>) {
        let renamed = |expr: &Expr| expr.replace(&|id| others.get(&id).copied().map(Expr::variable));
        for id in self.graph.scope(start) {
            let scopes = self.graph.state(id).kind.scopes();
            let state = &mut self.graph.states[id.0];
            for (variable, other) in others {
                if state.live.contains(*variable) {
                    state.live.remove(*variable);
                    state.live.insert(*other);
                }
            }
            for expr in state.kind.own_mut() {
                *expr = renamed(expr);
            }
            for edge in state.kind.edges_mut() {
                edge.assigns.iter_mut().for_each(|(_, value)| *value = renamed(value));
                edge.output = edge.output.as_ref().map(renamed);
            }
            for start in scopes {
                self.rename(start, others);
            }
        }
    }
}
