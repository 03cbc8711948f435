//! Branches and iterations: each a scope with an end of its own.
//! Separate from other nodes because what was done inside of them must not be lost when one fails.

use super::ends::ScopeEnds;
use super::graph::{ChoiceRule, MapState, NameHint, StateId, StateKind};
use super::pending::{FanOut, Stack};
use super::sequence::Lowering;
use super::target::Target;
use super::{log, naming};
use crate::Origin;
use crate::ir::{Block, Expr, Iteration, Operator, Source, VariableId};

impl<'w> Lowering<'w> {
    pub(super) fn parallel(
        &mut self,
        origin: Option<Origin>,
        branches: &'w [(Block, VariableId)],
        name: Option<&str>,
        (stack, fan_out): (Stack, Option<FanOut>),
        mut behind: Target,
    ) -> StateId {
        let read = behind.live(&self.graph);
        let wish = name.map_or_else(|| naming::parallel(branches), str::to_owned);
        if let Some(fan_out) = fan_out {
            behind = self.unless_failed(origin, &wish, fan_out, &behind);
        }
        for (at, (_, result)) in branches.iter().enumerate().rev() {
            let one = Expr::index(&Expr::source(Source::Result), at);
            behind.bind_first(*result, if fan_out.is_some() { log::value(&one) } else { one });
        }
        let (edge, mut live) = behind.edge(&self.graph, None);
        let mut starts = Vec::new();
        for (body, result) in branches {
            let start = self.scope(origin, body, read.contains(*result), &[]);
            live.extend(&self.graph.state(start).live);
            starts.push(start);
        }
        let mut catch = Vec::new();
        self.catch_pending(&mut catch, &mut live, stack, &Expr::source(Source::ErrorOutput));
        let name = match name {
            Some(pinned) => NameHint::Pinned(pinned.to_owned()),
            None => NameHint::Wanted(wish, None),
        };
        self.state(StateKind::Parallel { branches: starts, edge, catch }, origin, None, name, live)
    }

    pub(super) fn map(
        &mut self,
        origin: Option<Origin>,
        iteration: &'w Iteration,
        (stack, fan_out): (Stack, Option<FanOut>),
        mut behind: Target,
    ) -> StateId {
        let is_written = iteration.distributed.as_ref().is_some_and(|it| it.results_to.is_some());
        let read = is_written || behind.live(&self.graph).contains(iteration.result);
        let wish = iteration.name.clone().unwrap_or_else(|| naming::map(&iteration.items_name));
        let mut results = Expr::source(Source::Result);
        if let Some(fan_out) = fan_out {
            behind = self.unless_failed(origin, &wish, fan_out, &behind);
            results = log::values(&results, self.entry_and_place[0]);
        }
        behind.bind_first(iteration.result, results);
        let (edge, mut live) = behind.edge(&self.graph, None);
        let inputs = iteration.inputs();
        let body = self.scope(origin, &iteration.body, read, &inputs);
        live.extend(&self.graph.state(body).live);
        let mut catch = Vec::new();
        self.catch_pending(&mut catch, &mut live, stack, &Expr::source(Source::ErrorOutput));
        let name = match &iteration.name {
            Some(pinned) => NameHint::Pinned(pinned.clone()),
            None => NameHint::Wanted(wish, None),
        };
        let kind = StateKind::Map(Box::new(MapState {
            items: iteration.items.clone(),
            max_concurrency: iteration.max_concurrency,
            distributed: iteration.distributed.clone(),
            body,
            edge,
            catch,
        }));
        self.state(kind, origin, None, name, live)
    }

    /// What is behind branches or iterations that hand over what they did: the failure of one of them undoes what all
    /// of them did.
    fn unless_failed(
        &mut self,
        origin: Option<Origin>,
        name: &str,
        fan_out: FanOut,
        behind: &Target,
    ) -> Target {
        let FanOut { behind: stack, log, appends, failed } = fan_out;
        let failure = Expr::variable(failed);
        let undo = self.failing(stack, failure.clone());
        let (edge, mut live) = self.edge(&undo);
        let (default, more) = self.edge(behind);
        live.extend(&more);
        let condition = Expr::binary(Operator::NotEqual, &failure, &Expr::null());
        let rules = vec![ChoiceRule { condition, comment: None, edge }];
        let hint = NameHint::Wanted(naming::if_failed(name), None);
        let mut target =
            Target::state(self.state(StateKind::Choice { rules, default }, origin, None, hint, live));
        let results = Expr::source(Source::Result);
        target.bind_first(failed, log::first_failure(&results));
        target.bind_first(log, log::gathered(&results, appends.then_some(log)));
        target
    }

    /// The scope of a branch or an iteration. Iterations whose values nobody reads give `null`: raw results of many
    /// iterations add up to more than a payload may hold.
    fn scope(
        &mut self,
        origin: Option<Origin>,
        body: &'w Block,
        read: bool,
        inputs: &[(VariableId, Expr)],
    ) -> StateId {
        let handed_over = self.lists.in_scope(body);
        self.ends.push(ScopeEnds::new(handed_over.map(|(_, log)| log)));
        let end = self.ended(match &body.value {
            Some(value) if read => Some(value.clone()),
            _ if handed_over.is_none() && !inputs.is_empty() => Some(Expr::null()),
            _ => None,
        });
        let mut target = self.sequence(&body.nodes, handed_over.map(|(stack, _)| stack), end);
        if let Some((_, log)) = handed_over {
            target.bind_first(log, log::empty());
        }
        let start = self.enter(origin, target, inputs);
        self.ends.pop();
        start
    }
}
