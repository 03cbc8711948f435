//! Branches and iterations: each a scope with an end of its own.
//! Separate from other nodes because what was done inside of them must not be lost when one fails.

use super::calling::Catchers;
use super::ends::ScopeEnds;
use super::graph::{ChoiceRule, MapState, NameHint, StateId, StateKind};
use super::pending::{FanOut, Stack};
use super::sequence::Lowering;
use super::target::Target;
use super::{log, naming};
use crate::Origin;
use crate::ir::{Block, CATCH_ALL, Expr, Iteration, Operator, Source, VariableId};

/// What becomes of branches or iterations that fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settling {
    /// What is to be undone of what was done before.
    pub(super) stack: Stack,
    /// Where they hand over what they did themselves, if any of it can be undone.
    pub(super) fan_out: Option<FanOut>,
    /// The variable of how they failed, if somebody asks.
    pub(super) failure: Option<VariableId>,
}

impl<'w> Lowering<'w> {
    pub(super) fn parallel(
        &mut self,
        origin: Option<Origin>,
        branches: &'w [(Block, VariableId)],
        name: Option<&str>,
        settling: Settling,
        behind: Target,
    ) -> StateId {
        let read = behind.live(&self.graph);
        let wish = name.map_or_else(|| naming::parallel(branches), str::to_owned);
        let results = branches.iter().map(|(_, result)| *result);
        let failed = self.behind_failure(settling, results, &behind);
        let mut behind = self.behind_success(origin, &wish, settling, behind);
        for (at, (_, result)) in branches.iter().enumerate().rev() {
            let one = Expr::index(&Expr::source(Source::Result), at);
            behind.bind_first(*result, if settling.fan_out.is_some() { log::value(&one) } else { one });
        }
        let (mut edge, live) = behind.edge(&self.graph, None);
        let mut catchers = Catchers { list: Vec::new(), live };
        let mut starts = Vec::new();
        for (body, result) in branches {
            let start = self.scope(origin, body, read.contains(*result), &[]);
            catchers.live.extend(&self.graph.state(start).live);
            // A list of what came in, in a loop, would hold itself with every turn once more for each branch.
            if edge.output.is_none() && self.graph.passes_input_on(start) {
                edge.output = Some(Expr::null());
            }
            starts.push(start);
        }
        if let Some(failed) = failed {
            self.catch(&mut catchers, vec![CATCH_ALL.to_owned()], &failed);
        }
        let Catchers { list: catch, live } = catchers;
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
        settling: Settling,
        behind: Target,
    ) -> StateId {
        let is_written = iteration.distributed.as_ref().is_some_and(|it| it.results_to.is_some());
        let read = is_written || behind.live(&self.graph).contains(iteration.result);
        let wish = iteration.name.clone().unwrap_or_else(|| naming::map(&iteration.items_name));
        let failed = self.behind_failure(settling, [iteration.result], &behind);
        let mut behind = self.behind_success(origin, &wish, settling, behind);
        let results = Expr::source(Source::Result);
        let results = match settling.fan_out {
            Some(_) => log::values(&results, self.entry_and_place[0]),
            None => results,
        };
        behind.bind_first(iteration.result, results);
        let (edge, live) = behind.edge(&self.graph, None);
        let mut catchers = Catchers { list: Vec::new(), live };
        let inputs = iteration.inputs();
        let body = self.scope(origin, &iteration.body, read, &inputs);
        catchers.live.extend(&self.graph.state(body).live);
        if let Some(failed) = failed {
            self.catch(&mut catchers, vec![CATCH_ALL.to_owned()], &failed);
        }
        let Catchers { list: catch, live } = catchers;
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

    /// Where a failure of the State itself leads, if not out of the workflow.
    fn behind_failure(
        &mut self,
        settling: Settling,
        results: impl IntoIterator<Item = VariableId>,
        behind: &Target,
    ) -> Option<Target> {
        let Settling { stack, fan_out, failure } = settling;
        let caught = Expr::source(Source::ErrorOutput);
        let Some(failure) = failure else {
            return stack.map(|pending| self.failing(pending, caught));
        };
        let mut target = behind.clone();
        results.into_iter().for_each(|result| target.bind_first(result, Expr::null()));
        if let Some(fan_out) = fan_out.filter(|fan_out| !fan_out.appends) {
            target.bind_first(fan_out.log, log::empty());
        }
        target.bind_first(failure, caught);
        Some(target)
    }

    /// Where its success leads, which is one of all branches or iterations only if none of them handed over a failure.
    fn behind_success(
        &mut self,
        origin: Option<Origin>,
        name: &str,
        settling: Settling,
        mut behind: Target,
    ) -> Target {
        let results = Expr::source(Source::Result);
        match (settling.fan_out, settling.failure) {
            (None, None) => {}
            (None, Some(failure)) => behind.bind_first(failure, Expr::null()),
            (Some(fan_out), None) => behind = self.unless_failed(origin, name, fan_out, &behind),
            (Some(FanOut { log, appends, .. }), Some(failure)) => {
                behind.bind_first(failure, log::first_failure(&results));
                behind.bind_first(log, log::gathered(&results, appends.then_some(log)));
            }
        }
        behind
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
