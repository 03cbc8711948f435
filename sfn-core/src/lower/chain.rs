//! The compensation chain: one state per pending compensation, each leading to the next, shared by all who enter it.
//! Separate because it is a graph of its own behind the workflow's, entered at as many places as there are lists.

use super::calling::{Catchers, caught};
use super::ends::ScopeEnds;
use super::graph::{Catcher, ChoiceRule, MapState, NameHint, StateId, StateKind};
use super::live::VariableSet;
use super::log::{self, KindId};
use super::naming;
use super::pending::{Pending, StackId};
use super::sequence::Lowering;
use super::target::Target;
use crate::CompensationOrder;
use crate::error::name::COMPENSATION_FAILED;
use crate::ir::{CATCH_ALL, Call, Compensation, Element, Expr, ExprKind, Operator, Source, VariableId};

/// The field of the failure that lists the compensations that failed after it.
const COMPENSATIONS: &str = "compensations";

impl Lowering<'_> {
    /// Where a failure leads: to what is to be undone, or to the end of a scope that hands over what it did.
    pub(super) fn failing(&mut self, stack: StackId, failure: Expr) -> Target {
        if let Pending::HandOver { log, .. } = self.lists.get(stack) {
            return Target::end(log::failed(failure, *log));
        }
        let mut target = Target::state(self.chain_entry(stack));
        target.bind_first(self.failure, failure);
        target
    }

    /// The state that begins to undo a list.
    fn chain_entry(&mut self, stack: StackId) -> StateId {
        // From the list's end, so that a long list needs no deep call stack.
        let mut missing = Vec::new();
        let mut rest = Some(stack);
        while let Some(id) = rest.filter(|id| self.entry(*id).is_none()) {
            missing.push(id);
            rest = match self.lists.get(id) {
                Pending::Undo { rest, .. } | Pending::Ways { rest, .. } | Pending::Log { rest, .. } => *rest,
                Pending::HandOver { .. } => None,
            };
        }
        let mut entry = match rest.and_then(|id| self.entry(id)) {
            Some(entry) => entry,
            None => self.chain_end(),
        };
        for id in missing.into_iter().rev() {
            entry = self.link(id, entry);
            if self.entries.len() <= id.0 {
                self.entries.resize(id.0 + 1, None);
            }
            self.entries[id.0] = Some(entry);
        }
        entry
    }

    fn entry(&self, id: StackId) -> Option<StateId> {
        self.entries.get(id.0).copied().flatten()
    }

    fn link(&mut self, id: StackId, next: StateId) -> StateId {
        match self.lists.get(id) {
            Pending::Undo { compensation, .. } => {
                let compensation = *compensation;
                let later = compensation.later();
                self.undo(compensation, later.as_ref().unwrap_or(&compensation.call), &Target::state(next))
            }
            Pending::Ways { ways, .. } => {
                let ways = ways.clone();
                let origin = self.graph.state(next).origin;
                let (default, mut live) = Target::state(next).edge(&self.graph, None);
                let mut rules = Vec::new();
                for way in &ways {
                    let entry = self.chain_entry(way.stack);
                    let (edge, behind) = Target::state(entry).edge(&self.graph, None);
                    live.extend(&behind);
                    rules.push(ChoiceRule { condition: Expr::variable(way.flag), comment: None, edge });
                }
                let flags = ways.iter().map(|way| self.variables[way.flag.0 as usize].hint.as_str());
                let name = NameHint::Wanted(naming::flags(flags), None);
                self.state(StateKind::Choice { rules, default }, origin, None, name, live)
            }
            // Its failures lead to the end of the scope.
            Pending::HandOver { .. } => next,
            // A loop that only commits logs nothing.
            Pending::Log { kinds, .. } if kinds.is_empty() => next,
            Pending::Log { log, kinds, .. } => {
                let (log, kinds) = (*log, kinds.iter().copied().collect::<Vec<_>>());
                match self.order {
                    CompensationOrder::Reverse => self.undo_logged(log, &kinds, next),
                    CompensationOrder::Parallel => self.undo_at_once(log, &kinds, next),
                }
            }
        }
    }

    /// Undoes what a log holds, entry by entry.
    fn undo_logged(&mut self, log: VariableId, kinds: &[KindId], next: StateId) -> StateId {
        let (default, mut live) = Target::state(next).edge(&self.graph, None);
        live.insert(log);
        live.insert(self.failure);
        let tasks: Vec<_> = kinds.iter().map(|kind| self.lists.kind(*kind).task()).collect();
        let name = NameHint::Wanted(naming::pending(&tasks), None);
        let choice = StateKind::Choice { rules: Vec::new(), default };
        let head = self.state(choice, None, None, name, live);
        self.graph.states[head.0].is_repeated = true;
        let mut again = Target::state(head);
        again.bind_first(log, log::without_latest(log, self.entry_and_place));
        let (mut rules, latest) = (Vec::new(), log::latest(log));
        for kind in kinds {
            let kind = self.lists.kind(*kind);
            let (compensation, condition, call) =
                (kind.compensation(), kind.is_of(&latest), kind.call(&latest));
            let undo = self.undo(compensation, &call, &again);
            let (edge, _) = Target::state(undo).edge(&self.graph, None);
            rules.push(ChoiceRule { condition, comment: None, edge });
        }
        if let StateKind::Choice { rules: known, .. } = &mut self.graph.states[head.0].kind {
            *known = rules;
        }
        head
    }

    /// Undoes what a log holds, all at once.
    fn undo_at_once(&mut self, log: VariableId, kinds: &[KindId], next: StateId) -> StateId {
        let [entry, one] = self.entry_and_place;
        let failures = log::failures(&Expr::source(Source::Result), one);
        let count = Expr::function("count", [Expr::variable(entry)]);
        let with = Expr::new(ExprKind::If {
            condition: Expr::binary(Operator::Greater, &count, &Expr::literal(0)),
            then: object([(COMPENSATIONS, Expr::variable(entry))]),
            otherwise: object([]),
        });
        let failure = Expr::new(ExprKind::Merge(vec![Expr::variable(self.failure), with]));
        let mut behind = Target::state(next);
        behind.bind_first(self.failure, Expr::local(entry, &failures, &failure));
        let (edge, mut live) = behind.edge(&self.graph, None);
        live.insert(log);
        let body = self.undo_one(entry, kinds);
        let tasks: Vec<_> = kinds.iter().map(|kind| self.lists.kind(*kind).task()).collect();
        let name = NameHint::Wanted(naming::undo_all(&tasks), None);
        let kind = StateKind::Map(Box::new(MapState {
            items: Expr::variable(log),
            max_concurrency: None,
            distributed: None,
            body,
            edge,
            catch: Vec::new(),
        }));
        self.state(kind, None, None, name, live)
    }

    /// The scope that undoes one entry of a log and gives how that failed, if it did.
    fn undo_one(&mut self, entry: VariableId, kinds: &[KindId]) -> StateId {
        self.ends.push(ScopeEnds::default());
        let (mut undos, known) = (Vec::new(), Expr::variable(entry));
        for kind in kinds {
            let kind = self.lists.kind(*kind);
            let (compensation, condition, call) =
                (kind.compensation(), kind.is_of(&known), kind.call(&known));
            let (edge, live) = Target::end(Expr::null()).edge(&self.graph, None);
            let mut catchers = Catchers { list: Vec::new(), live };
            let failed = Target::end(self.how_it_failed(&call));
            self.catch(&mut catchers, vec![CATCH_ALL.to_owned()], &failed);
            let name = naming::task(&call, &self.variables);
            let undo = self.call_state(Some(compensation.origin), &call, edge, catchers, name);
            undos.push((condition, undo));
        }
        let target = match undos.pop() {
            Some((_, last)) if undos.is_empty() => Target::state(last),
            Some((_, last)) => Target::state(self.by_kind(undos, last)),
            None => Target::discard(),
        };
        let start = self.enter(None, target, &[(entry, Expr::source(Source::Input))]);
        self.ends.pop();
        start
    }

    /// The choice among the states that undo an entry.
    fn by_kind(&mut self, undos: Vec<(Expr, StateId)>, last: StateId) -> StateId {
        let (default, mut live) = Target::state(last).edge(&self.graph, None);
        let mut rules = Vec::new();
        for (condition, undo) in undos {
            let (edge, behind) = Target::state(undo).edge(&self.graph, None);
            live.extend(&behind);
            rules.push(ChoiceRule { condition, comment: None, edge });
        }
        let name = NameHint::Wanted("Undo".to_owned(), None);
        self.state(StateKind::Choice { rules, default }, None, None, name, live)
    }

    /// Runs a compensation; whether it fails or not, the next follows.
    fn undo(&mut self, compensation: &Compensation, call: &Call, next: &Target) -> StateId {
        let (edge, mut live) = next.edge(&self.graph, None);
        let mut failed = next.clone();
        failed.bind_first(self.failure, self.failed_too(call));
        let (on_failure, behind) = failed.edge(&self.graph, None);
        live.extend(&behind);
        let list = vec![Catcher { errors: vec![CATCH_ALL.to_owned()], edge: on_failure }];
        let name = naming::task(call, &self.variables);
        self.call_state(Some(compensation.origin), call, edge, Catchers { list, live }, name)
    }

    /// The failure with one more compensation that failed.
    fn failed_too(&self, undo: &Call) -> Expr {
        let failure = Expr::variable(self.failure);
        let one = self.how_it_failed(undo);
        let known = Expr::field(&failure, COMPENSATIONS, None);
        let list = Expr::new(ExprKind::Array(vec![Element::Plain(known), Element::Plain(one)]));
        Expr::new(ExprKind::Merge(vec![failure, object([(COMPENSATIONS, list)])]))
    }

    /// How a compensation failed, as it is told.
    fn how_it_failed(&self, undo: &Call) -> Expr {
        let caught = caught(undo);
        let named = if undo.spec.executes() { Expr::variable(self.ended) } else { caught.clone() };
        let (error, cause) = error_and_cause(&named);
        let told = object([("task", Expr::literal(undo.spec.name)), ("error", error), ("cause", cause)]);
        if undo.spec.executes() { Expr::local(self.ended, &caught, &told) } else { told }
    }

    /// The state that ends the workflow with the failure it was undone for.
    fn chain_end(&mut self) -> StateId {
        if let Some(known) = self.chain_end {
            return known;
        }
        let failure = Expr::variable(self.failure);
        let (error, cause) = error_and_cause(&failure);
        let failed = Expr::field(&failure, COMPENSATIONS, None);
        let summary = object([
            ("failure", object([("error", error.clone()), ("cause", cause.clone())])),
            (COMPENSATIONS, failed.clone()),
        ]);
        let any_failed = Expr::new(ExprKind::Exists(failed));
        let either = |then: Expr, otherwise: Expr| {
            Expr::new(ExprKind::If { condition: any_failed.clone(), then, otherwise })
        };
        let kind = StateKind::Fail {
            error: either(Expr::literal(COMPENSATION_FAILED), error),
            cause: either(Expr::new(ExprKind::Text(summary)), cause),
        };
        let name = NameHint::Wanted(naming::workflow_failed(self.workflow), None);
        let id = self.state(kind, None, None, name, VariableSet::default());
        self.chain_end = Some(id);
        id
    }
}

/// A failure of the workflow's own, in the form of an error output.
pub(super) fn failure(error: &Expr, cause: &Expr) -> Expr {
    object([("Error", error.clone()), ("Cause", cause.clone())])
}

/// The parts of an error output. The language lets a Cause be absent, and absent reads as empty.
pub(super) fn error_and_cause(failure: &Expr) -> (Expr, Expr) {
    let cause = Expr::field(failure, "Cause", None);
    let cause = match cause.kind() {
        ExprKind::Field { .. } => Expr::new(ExprKind::Concat(vec![cause, Expr::literal("")])),
        _ => cause,
    };
    (Expr::field(failure, "Error", None), cause)
}

fn object<const N: usize>(entries: [(&str, Expr); N]) -> Expr {
    Expr::new(ExprKind::Object(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}
