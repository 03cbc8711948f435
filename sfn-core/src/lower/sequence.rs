//! Lowers a tree from its end: each node becomes the states in front of what is already there.
//! Separate because it is the heart: everything else answers one question it asks.

use super::ends::ScopeEnds;
use super::graph::{
    Catcher, ChoiceRule, Edge, Graph, MapState, NameHint, State, StateId, StateKind, TaskState,
};
use super::live::VariableSet;
use super::pending::{FanOut, PendingLists, Stack, Way};
use super::repeat::OpenLoop;
use super::target::Target;
use super::unknown::{Errors, errors_of_arms};
use super::{log, naming};
use crate::error::name;
use crate::ir::{
    Arm, Block, CATCH_ALL, Call, Choice, Compensation, Element, Expr, ExprKind, Iteration, Node, NodeKind,
    Operator, Source, Variable, VariableId,
};
use crate::{CompensationOrder, Origin, Pattern};

/// More bindings than this on one edge are cut in two by a Pass State: each may repeat what it depends on.
const BINDINGS_PER_EDGE: usize = 24;

/// The lowering of one workflow.
#[derive(Debug)]
pub(super) struct Lowering<'w> {
    pub(super) workflow: &'w str,
    pub(super) variables: Vec<Variable>,
    pub(super) lists: PendingLists<'w>,
    pub(super) order: CompensationOrder,
    pub(super) graph: Graph,
    /// The variable of the failure that compensations run for.
    pub(super) failure: VariableId,
    /// The names of a log's entries and of their places, inside expressions.
    pub(super) entry_and_place: [VariableId; 2],
    /// The chain entry of each list, by its number.
    pub(super) entries: Vec<Option<StateId>>,
    pub(super) chain_end: Option<StateId>,
    /// The states that end the open scopes, the innermost last.
    pub(super) ends: Vec<ScopeEnds>,
    /// The loops around the nodes being lowered, the innermost last.
    pub(super) loops: Vec<OpenLoop>,
}

impl<'w> Lowering<'w> {
    /// The nodes in front of a continuation.
    pub(super) fn sequence(&mut self, nodes: &'w [Node], front: Stack, behind: Target) -> Target {
        let stacks = self.lists.in_front(nodes, front);
        let mut target = behind;
        for (node, stack) in nodes.iter().zip(stacks).rev() {
            target = self.node(node, stack, target);
        }
        target
    }

    /// A block in front of a continuation that reads its value.
    fn block(
        &mut self,
        block: &'w Block,
        front: Stack,
        mut behind: Target,
        value: Option<VariableId>,
    ) -> Target {
        if let (Some(variable), Some(expr)) = (value, &block.value) {
            behind.bind_first(variable, expr.clone());
        }
        self.sequence(&block.nodes, front, behind)
    }

    fn node(&mut self, node: &'w Node, front: Stack, behind: Target) -> Target {
        let (stack, log) = self.lists.inside(node, front);
        let mut target = self.inside_of(node, stack, behind);
        if let Some(log) = log {
            target.bind_first(log, log::empty());
        }
        if let Some(flag) = self.lists.uncommitted(node) {
            target.bind_first(flag, Expr::literal(true));
        }
        target
    }

    fn inside_of(&mut self, node: &'w Node, stack: Stack, mut behind: Target) -> Target {
        let origin = Some(node.origin);
        match &node.kind {
            NodeKind::Let { variable, value } | NodeKind::Set { variable, value } => {
                if behind.bindings() == BINDINGS_PER_EDGE || behind.repeats_itself(*variable) {
                    behind = Target::state(self.pass(origin, &behind));
                }
                behind.bind_first(*variable, value.clone());
                behind
            }
            NodeKind::Commit => {
                if let Some((log, flag)) = self.lists.reset_by(node) {
                    behind.bind_first(log, log::empty());
                    if let Some(flag) = flag {
                        behind.bind_first(flag, Expr::literal(false));
                    }
                }
                behind
            }
            NodeKind::Return(value) => self.ended(Some(value.clone())),
            NodeKind::Fail { error, cause } => self.fail(origin, stack, error, cause),
            NodeKind::Rethrow { failure } => self.rethrow(origin, stack, failure),
            NodeKind::Wait { seconds } => {
                let (edge, live) = behind.edge(&self.graph, None);
                let name = NameHint::Wanted(naming::wait(seconds), None);
                let kind = StateKind::Wait { seconds: seconds.clone(), edge };
                Target::state(self.state(kind, origin, None, name, live))
            }
            NodeKind::Task(call) => {
                let ways = self.lists.ways(node);
                Target::state(self.task(origin, call, stack, &ways, &behind))
            }
            NodeKind::Loop(repeated) => self.repeat(origin, repeated, stack, behind),
            NodeKind::Break { of, value } => self.leave(*of, value.as_ref()),
            NodeKind::Continue { of } => self.again(*of),
            NodeKind::Choice(choice) => {
                let ways = self.lists.ways(node);
                Target::state(self.choice(origin, choice, stack, &ways, &behind))
            }
            NodeKind::Parallel { branches, name } => {
                let fan_out = self.lists.fan_out(node);
                Target::state(self.parallel(origin, branches, name.as_deref(), (stack, fan_out), behind))
            }
            NodeKind::Map(iteration) => {
                let fan_out = self.lists.fan_out(node);
                Target::state(self.map(origin, iteration, (stack, fan_out), behind))
            }
        }
    }

    fn task(
        &mut self,
        origin: Option<Origin>,
        call: &'w Call,
        stack: Stack,
        ways: &[Way],
        behind: &Target,
    ) -> StateId {
        let success = self.lists.after_success(call, stack);
        let mut target = way_behind(behind, ways, 0);
        if let Some(ok) = &call.ok {
            target = self.block(ok, success, target, call.value);
        }
        self.due(&mut target, call.compensation.as_deref());
        target.bind_first(call.result, answer(call));
        let mut catch = Vec::new();
        let mut live = VariableSet::default();
        let heartbeats = heartbeats_taken(call);
        let apart = errors_of_arms(call);
        let mut before_timeouts = 0;
        for (at, arm) in call.arms.iter().enumerate() {
            let is_last = at + 1 == call.arms.len();
            let propagates =
                is_last && stack.is_none() && call.unknown.is_none() && !executes(call) && rethrows(arm);
            let takes_heartbeats = heartbeats.is_some_and(|(_, by)| by == Some(at));
            if arm.errors.is_empty() || (propagates && !takes_heartbeats) {
                continue;
            }
            if heartbeats.is_some_and(|(timeouts, _)| timeouts == at) {
                before_timeouts = catch.len();
            }
            let mut target = way_behind(behind, ways, at + 1);
            let (in_arm, flag) = self.lists.in_arm(arm, stack);
            target = self.block(&arm.body, in_arm, target, call.value);
            let failure = caught(call);
            for (variable, value) in [(arm.fields, error_fields(call, &failure)), (arm.failure, failure)] {
                if let Some(variable) = variable {
                    target.bind_first(variable, value);
                }
            }
            let others =
                arm.errors.iter().filter(|name| !takes_heartbeats || *name != name::HEARTBEAT_TIMEOUT);
            let others: Vec<_> = others.filter(|_| !propagates).cloned().collect();
            if takes_heartbeats {
                self.catch(&mut catch, &mut live, vec![name::HEARTBEAT_TIMEOUT.to_owned()], &target);
                catch[before_timeouts..].rotate_right(1);
            }
            if let Some(unknown) = call.unknown.as_deref() {
                let Errors { declared, unknown: others } = &apart[at];
                let mut known = target.clone();
                if let Some(flag) = flag {
                    known.bind_first(flag, Expr::literal(false));
                    target.bind_first(flag, Expr::literal(true));
                }
                if !declared.is_empty() {
                    self.catch(&mut catch, &mut live, declared.clone(), &known);
                }
                if !others.is_empty() {
                    self.due(&mut target, Some(unknown));
                    self.catch(&mut catch, &mut live, others.clone(), &target);
                }
            } else if !others.is_empty() {
                self.catch(&mut catch, &mut live, others, &target);
            }
        }
        let by_arms = catch.len();
        match call.unknown.as_deref() {
            Some(unknown) => self.catch_unknown(&mut catch, &mut live, (stack, unknown), apart.last()),
            None if stack.is_none() && executes(call) => self.catch_execution(&mut catch, &mut live, call),
            None => self.catch_pending(&mut catch, &mut live, stack, &caught(call)),
        }
        if let (Some((_, None)), Some(pending)) = (heartbeats, catch.get(by_arms..).and_then(<[_]>::last)) {
            let errors = vec![name::HEARTBEAT_TIMEOUT.to_owned()];
            catch.insert(before_timeouts, Catcher { errors, edge: pending.edge.clone() });
        }
        let (edge, behind) = target.edge(&self.graph, None);
        live.extend(&behind);
        let name = naming::task(call, &self.variables);
        self.call_state(origin, call, edge, catch, name, live)
    }

    /// The Task State of a call.
    pub(super) fn call_state(
        &mut self,
        origin: Option<Origin>,
        call: &Call,
        edge: Edge,
        catch: Vec<Catcher>,
        name: NameHint,
        live: VariableSet,
    ) -> StateId {
        let kind = StateKind::Task(Box::new(TaskState {
            spec: call.spec,
            resource: call.service.as_ref().and_then(|service| service.resource.clone()),
            is_raw: call.service.as_ref().is_some_and(|service| service.resource.is_none()),
            payload: call.payload.clone(),
            timeout: call.timeout,
            heartbeat: call.heartbeat,
            retry: call.retry,
            edge,
            catch,
        }));
        let comment = first_paragraph(call.spec.doc);
        self.state(kind, origin, comment, name, live)
    }

    /// A Catcher whose edge ends the scope by a state of its own, where it ends it.
    pub(super) fn catch(
        &mut self,
        catch: &mut Vec<Catcher>,
        live: &mut VariableSet,
        errors: Vec<String>,
        target: &Target,
    ) {
        let (edge, behind) = self.edge(target);
        live.extend(&behind);
        catch.push(Catcher { errors, edge });
    }

    /// What makes a compensation due on the way to a target.
    fn due(&self, target: &mut Target, compensation: Option<&Compensation>) {
        if let Some((log, noted)) = self.lists.note(compensation) {
            target.bind_first(log, noted);
        }
        if let Some((variable, value)) = compensation.and_then(|undo| undo.captured.clone()) {
            target.bind_first(variable, value);
        }
    }

    /// The Catchers of what no arm takes, of a call whose failure may leave unknown whether it happened.
    fn catch_unknown(
        &mut self,
        catch: &mut Vec<Catcher>,
        live: &mut VariableSet,
        (front, unknown): (Stack, &Compensation),
        left: Option<&Errors>,
    ) {
        let Some(Errors { declared, unknown: others }) = left.filter(|left| !left.unknown.is_empty()) else {
            return;
        };
        if !declared.is_empty() {
            let target = if let Some(front) = front {
                self.failing(front, Expr::source(Source::ErrorOutput))
            } else {
                let mut target = self.rethrow(None, None, &Expr::variable(self.failure));
                target.bind_first(self.failure, Expr::source(Source::ErrorOutput));
                target
            };
            self.catch(catch, live, declared.clone(), &target);
        }
        if let Some(stack) = self.lists.after_unknown(unknown, front) {
            let mut target = self.failing(stack, Expr::source(Source::ErrorOutput));
            self.due(&mut target, Some(unknown));
            self.catch(catch, live, others.clone(), &target);
        }
    }

    /// The Catcher that makes an execution's failure the workflow's own: to the service it is the Task's.
    fn catch_execution(&mut self, catch: &mut Vec<Catcher>, live: &mut VariableSet, call: &Call) {
        let takes_all = |catcher: &Catcher| catcher.errors.iter().any(|name| name == CATCH_ALL);
        if catch.last().is_some_and(takes_all) {
            return;
        }
        let mut target = self.rethrow(None, None, &Expr::variable(self.failure));
        target.bind_first(self.failure, caught(call));
        self.catch(catch, live, vec![CATCH_ALL.to_owned()], &target);
    }

    /// The Catcher that sends what nothing else catches to the pending compensations.
    fn catch_pending(
        &mut self,
        catch: &mut Vec<Catcher>,
        live: &mut VariableSet,
        stack: Stack,
        failure: &Expr,
    ) {
        let all_caught =
            catch.last().is_some_and(|catcher| catcher.errors.iter().any(|name| name == CATCH_ALL));
        if let Some(pending) = stack.filter(|_| !all_caught) {
            let target = self.failing(pending, failure.clone());
            self.catch(catch, live, vec![CATCH_ALL.to_owned()], &target);
        }
    }

    fn choice(
        &mut self,
        origin: Option<Origin>,
        choice: &'w Choice,
        stack: Stack,
        ways: &[Way],
        behind: &Target,
    ) -> StateId {
        let mut live = VariableSet::default();
        let mut rules = Vec::new();
        for (at, rule) in choice.rules.iter().enumerate() {
            let target = self.block(&rule.body, stack, way_behind(behind, ways, at), choice.result);
            let (edge, behind) = self.edge(&target);
            live.extend(&behind);
            rules.push(ChoiceRule { condition: rule.condition.clone(), comment: rule.text.clone(), edge });
        }
        let default = way_behind(behind, ways, choice.rules.len());
        let default = self.block(&choice.otherwise, stack, default, choice.result);
        let (default, behind) = self.edge(&default);
        live.extend(&behind);
        let comment = rules.iter().all(|rule| rule.comment.is_none()).then(|| naming::choice_comment(choice));
        let name = NameHint::Wanted(naming::choice(choice), None);
        self.state(StateKind::Choice { rules, default }, origin, comment, name, live)
    }

    fn parallel(
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

    fn map(
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

    pub(super) fn pass(&mut self, origin: Option<Origin>, target: &Target) -> StateId {
        let (edge, live) = target.edge(&self.graph, None);
        let first = edge.assigns.first().map(|(variable, _)| *variable);
        let name = NameHint::Wanted(naming::pass(first, &self.variables), None);
        self.state(StateKind::Pass { edge }, origin, None, name, live)
    }

    pub(super) fn state(
        &mut self,
        mut kind: StateKind,
        origin: Option<Origin>,
        comment: Option<String>,
        name: NameHint,
        mut live: VariableSet,
    ) -> StateId {
        for expr in kind.own_mut() {
            live.read(expr);
        }
        self.graph.add(State { kind, origin, comment, name, live, is_repeated: false })
    }
}

/// What follows one block of a choice: flags say which way was taken, and what only another way sets is null.
fn way_behind(behind: &Target, ways: &[Way], block: usize) -> Target {
    let mut target = behind.clone();
    for way in ways.iter().rev() {
        let taken = way.block == block;
        if !taken {
            for variable in &way.own {
                target.bind_first(*variable, Expr::null());
            }
        }
        target.bind_first(way.flag, Expr::literal(taken));
    }
    target
}

/// What a task answers: the handler's payload, or what the token was completed with.
fn answer(call: &Call) -> Expr {
    if let Some(service) = &call.service {
        return service.output.clone();
    }
    Expr::source(match call.spec.pattern {
        Pattern::RequestResponse => Source::Payload,
        Pattern::WaitForCallback => Source::Result,
    })
}

/// Whether a call waits for an execution of another workflow.
fn executes(call: &Call) -> bool {
    let resource = call.service.as_ref().and_then(|service| service.resource.as_deref());
    resource == Some("arn:aws:states:::states:startExecution.sync:2")
}

/// A failure as it is caught: of an execution what that failed with, which the service wraps into a description.
fn caught(call: &Call) -> Expr {
    let caught = Expr::source(Source::ErrorOutput);
    if !executes(call) {
        return caught;
    }
    let described = Expr::function("parse", [Expr::field(&caught, "Cause", None)]);
    let error = Expr::field(&caught, "Error", None);
    // One that was stopped may name no error of its own.
    let unnamed = Expr::new(ExprKind::Object(vec![("Error".to_owned(), error.clone())]));
    Expr::new(ExprKind::If {
        condition: Expr::binary(Operator::Equal, &error, &Expr::literal(name::TASK_FAILED)),
        then: Expr::new(ExprKind::Merge(vec![unnamed, described])),
        otherwise: caught,
    })
}

/// The fields of a caught error: those that its handler wrote, or the words of a service.
fn error_fields(call: &Call, failure: &Expr) -> Expr {
    if call.service.is_none() {
        return Expr::source(Source::ErrorFields);
    }
    let cause = Expr::field(failure, "Cause", None);
    Expr::new(ExprKind::Array(vec![Element::Plain(cause)]))
}

/// Whether an arm only passes its failure on.
fn rethrows(arm: &Arm) -> bool {
    match arm.body.nodes.as_slice() {
        [Node { kind: NodeKind::Rethrow { failure }, .. }] => failure.as_variable() == arm.failure,
        _ => false,
    }
}

/// Where an arm for timeouts would take missed heartbeats too, as the service's `States.Timeout` does and Rust's
/// `Failure::Timeout` does not: its place, and the place of the later arm that Rust gives them to.
fn heartbeats_taken(call: &Call) -> Option<(usize, Option<usize>)> {
    call.heartbeat?;
    let names = |arm: &Arm, wanted: &[&str]| arm.errors.iter().any(|name| wanted.contains(&name.as_str()));
    let takes = |arm: &Arm| names(arm, &[name::HEARTBEAT_TIMEOUT, CATCH_ALL]);
    let timeouts = call.arms.iter().position(|arm| names(arm, &[name::TIMEOUT, CATCH_ALL]))?;
    let by = call.arms.iter().position(takes);
    (!takes(&call.arms[timeouts]) && by.is_none_or(|by| by > timeouts)).then_some((timeouts, by))
}

/// The first paragraph of a documentation, on one line.
pub(crate) fn first_paragraph(doc: &str) -> Option<String> {
    let lines =
        doc.lines().map(str::trim).skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
