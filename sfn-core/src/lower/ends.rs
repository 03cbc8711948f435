//! How scopes end: the Succeed and Fail States, shared by all edges that end a scope in the same way.
//! Separate because most edges end by themselves; here are those that cannot.

use super::chain;
use super::graph::{Edge, NameHint, StateId, StateKind};
use super::live::VariableSet;
use super::pending::Stack;
use super::sequence::Lowering;
use super::target::{Goto, Target};
use super::{log, naming};
use crate::Origin;
use crate::ir::{Expr, VariableId};

/// The states that end a scope, shared by all edges that end it in the same way.
#[derive(Debug, Default)]
pub(super) struct ScopeEnds {
    succeed: Option<StateId>,
    fail: Vec<StateId>,
    /// The log that the scope hands over.
    hands_over: Option<VariableId>,
}

impl ScopeEnds {
    pub(super) fn new(hands_over: Option<VariableId>) -> Self {
        Self { hands_over, ..Self::default() }
    }
}

impl Lowering<'_> {
    pub(super) fn fail(
        &mut self,
        origin: Option<Origin>,
        stack: Stack,
        error: &Expr,
        cause: &Expr,
    ) -> Target {
        let Some(pending) = stack else { return Target::state(self.fail_state(origin, error, cause)) };
        self.failing(pending, chain::failure(error, cause))
    }

    pub(super) fn rethrow(&mut self, origin: Option<Origin>, stack: Stack, failure: &Expr) -> Target {
        let Some(pending) = stack else {
            let (error, cause) = chain::error_and_cause(failure);
            return Target::state(self.fail_state(origin, &error, &cause));
        };
        self.failing(pending, failure.clone())
    }

    fn fail_state(&mut self, origin: Option<Origin>, error: &Expr, cause: &Expr) -> StateId {
        let known = self.ends.last().into_iter().flat_map(|ends| &ends.fail).find(|id| {
            matches!(&self.graph.state(**id).kind, StateKind::Fail { error: e, cause: c } if e == error && c == cause)
        });
        if let Some(known) = known {
            return *known;
        }
        let name = NameHint::Wanted(naming::fail(error), None);
        let kind = StateKind::Fail { error: error.clone(), cause: cause.clone() };
        let id = self.state(kind, origin, None, name, VariableSet::default());
        if let Some(ends) = self.ends.last_mut() {
            ends.fail.push(id);
        }
        id
    }

    /// The end of the innermost scope with its value, or with `null` or nothing where nobody reads it.
    pub(super) fn ended(&self, value: Option<Expr>) -> Target {
        match (self.ends.last().and_then(|ends| ends.hands_over), value) {
            (Some(log), value) => Target::end(log::handed_over(value, log)),
            (None, Some(value)) => Target::end(value),
            (None, None) => Target::discard(),
        }
    }

    /// The edge of a rule or a Catcher, which cannot end its scope without a Succeed State.
    pub(super) fn edge(&mut self, target: &Target) -> (Edge, VariableSet) {
        if let Some(beyond) = target.beyond_decided(&self.graph) {
            return self.edge(&beyond);
        }
        let end = match target.goto() {
            Goto::State(_) => None,
            Goto::End(_) | Goto::Discard => Some(self.succeed()),
        };
        target.edge(&self.graph, end)
    }

    fn succeed(&mut self) -> StateId {
        if let Some(known) = self.ends.last().and_then(|ends| ends.succeed) {
            return known;
        }
        let name = NameHint::Wanted(naming::SUCCEEDED.to_owned(), None);
        let id = self.state(StateKind::Succeed { output: None }, None, None, name, VariableSet::default());
        if let Some(ends) = self.ends.last_mut() {
            ends.succeed = Some(id);
        }
        id
    }
}
