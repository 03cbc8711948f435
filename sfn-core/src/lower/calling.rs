//! Task calls: what follows a success, and the Catchers for what may go wrong instead.
//! Separate from other nodes because a failure has many ways to go: an arm, a compensation, the callee's own name.

use super::graph::{Catcher, Edge, NameHint, StateId, StateKind, TaskState};
use super::live::VariableSet;
use super::naming;
use super::pending::{Stack, Unknown, Way};
use super::sequence::{Lowering, first_paragraph, way_behind};
use super::target::Target;
use super::unknown::{Errors, errors_of_arms, is_left_behind};
use crate::error::name::{self, HEARTBEAT_TIMEOUT as HEARTBEAT};
use crate::ir::{
    Arm, CATCH_ALL, Call, Compensation, Element, Expr, ExprKind, Node, NodeKind, Operator, Source, VariableId,
};
use crate::{Origin, Pattern};

/// The Catchers of a State that is being made, and what is read on the way to where they lead and behind it.
#[derive(Debug, Default)]
pub(super) struct Catchers {
    pub(super) list: Vec<Catcher>,
    pub(super) live: VariableSet,
}

impl Catchers {
    /// Whether one of them takes whatever comes to it.
    fn take_all(&self) -> bool {
        self.list.last().is_some_and(|catcher| catcher.errors.iter().any(|name| name == CATCH_ALL))
    }
}

impl<'w> Lowering<'w> {
    pub(super) fn task(
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
        if let Some(undo) = call.compensation.as_deref() {
            self.due(&mut target, undo, None);
        }
        target.bind_first(call.result, answer(call));
        let mut catchers = Catchers::default();
        let heartbeats = heartbeats_taken(call);
        let before_timeouts = self.catch_in_arms(&mut catchers, call, stack, ways, behind);
        let by_arms = catchers.list.len();
        match call.unknown.as_deref() {
            Some(unknown) => self.catch_unknown(&mut catchers, call, stack, unknown),
            None if stack.is_none() && call.spec.executes() => self.catch_execution(&mut catchers, call),
            None => self.catch_pending(&mut catchers, stack, &caught(call)),
        }
        if let (Some((_, None)), Some(pending)) = (heartbeats, catchers.list[by_arms..].last()) {
            let edge = pending.edge.clone();
            catchers.list.insert(before_timeouts, Catcher { errors: vec![HEARTBEAT.to_owned()], edge });
        }
        let (edge, live) = target.edge(&self.graph, None);
        catchers.live.extend(&live);
        let name = naming::task(call, &self.variables);
        self.call_state(origin, call, edge, catchers, name)
    }

    /// The Catchers of the arms, and where among them one for missed heartbeats comes in front of one for timeouts.
    fn catch_in_arms(
        &mut self,
        catchers: &mut Catchers,
        call: &'w Call,
        stack: Stack,
        ways: &[Way],
        behind: &Target,
    ) -> usize {
        let heartbeats = heartbeats_taken(call);
        let mut before_timeouts = 0;
        for (at, (arm, errors)) in call.arms.iter().zip(errors_of_arms(call)).enumerate() {
            let is_last = at + 1 == call.arms.len();
            let propagates = is_last
                && stack.is_none()
                && call.unknown.is_none()
                && !call.spec.executes()
                && rethrows(arm);
            let takes_heartbeats = heartbeats.is_some_and(|(_, by)| by == Some(at));
            if arm.errors.is_empty() || (propagates && !takes_heartbeats) {
                continue;
            }
            if heartbeats.is_some_and(|(timeouts, _)| timeouts == at) {
                before_timeouts = catchers.list.len();
            }
            let in_arm = self.lists.in_arm(arm, stack);
            let behind = way_behind(behind, ways, at + 1);
            let mut target = self.block(&arm.body, in_arm.stack, behind, call.value);
            let failure = caught(call);
            for (variable, value) in [(arm.fields, error_fields(call, &failure)), (arm.failure, failure)] {
                if let Some(variable) = variable {
                    target.bind_first(variable, value);
                }
            }
            let mut errors = match call.unknown {
                Some(_) => errors,
                None if propagates => Errors::default(),
                None => Errors { declared: Vec::new(), unknown: arm.errors.clone() },
            };
            let mut known = target.clone();
            if let Some(flag) = in_arm.flag {
                known.bind_first(flag, Expr::literal(false));
            }
            self.due_if_unknown(&mut target, call, in_arm.flag);
            if takes_heartbeats {
                errors.unknown.retain(|name| name != HEARTBEAT);
                self.catch(catchers, vec![HEARTBEAT.to_owned()], &target);
                catchers.list[before_timeouts..].rotate_right(1);
            }
            for (errors, target) in [(errors.declared, known), (errors.unknown, target)] {
                if !errors.is_empty() {
                    self.catch(catchers, errors, &target);
                }
            }
        }
        before_timeouts
    }

    /// The Task State of a call.
    pub(super) fn call_state(
        &mut self,
        origin: Option<Origin>,
        call: &Call,
        edge: Edge,
        catchers: Catchers,
        name: NameHint,
    ) -> StateId {
        let Catchers { list: catch, live } = catchers;
        let kind = StateKind::Task(Box::new(TaskState {
            spec: call.spec,
            resource: call.service.as_ref().and_then(|service| service.resource.clone()),
            is_raw: call.service.as_ref().is_some_and(|service| service.resource.is_none()),
            payload: call.payload.as_ref().map(|payload| match call.retry {
                Some(_) => payload.clone(),
                // A State without Retriers has no count.
                None => payload.rewrite(&|leaf| {
                    (*leaf == ExprKind::Source(Source::RetryCount)).then(|| Expr::literal(0))
                }),
            }),
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
    pub(super) fn catch(&mut self, catchers: &mut Catchers, errors: Vec<String>, target: &Target) {
        let (edge, live) = self.edge(target);
        catchers.live.extend(&live);
        catchers.list.push(Catcher { errors, edge });
    }

    /// What makes a compensation due on the way to a target, on a condition where there is one.
    fn due(&self, target: &mut Target, undo: &Compensation, condition: Option<&Expr>) {
        if let Some((log, noted)) = self.lists.note(undo) {
            let noted = match condition {
                Some(condition) => Expr::new(ExprKind::If {
                    condition: condition.clone(),
                    then: noted,
                    otherwise: Expr::variable(log),
                }),
                None => noted,
            };
            target.bind_first(log, noted);
        }
        if let Some(variable) = undo.kept_in {
            target.bind_first(variable, undo.call.kept().unwrap_or_else(Expr::null));
        }
    }

    /// What makes it due to undo what may have happened, on the way from a failure that does not say that it did not;
    /// `flag` is the variable that says whether it may have.
    fn due_if_unknown(&self, target: &mut Target, call: &Call, flag: Option<VariableId>) {
        let Some(undo) = call.unknown.as_deref() else { return };
        let condition = call.spec.executes().then(|| is_left_behind(self.ended));
        if let Some(flag) = flag {
            target.bind_first(flag, condition.clone().unwrap_or_else(|| Expr::literal(true)));
        }
        self.due(target, undo, condition.as_ref());
    }

    /// The Catchers of what no arm takes, of a call whose failure may leave unknown whether it happened.
    fn catch_unknown(&mut self, catchers: &mut Catchers, call: &Call, front: Stack, undo: &Compensation) {
        let Some(Errors { declared, unknown }) = errors_of_arms(call).pop() else { return };
        if unknown.is_empty() {
            return;
        }
        if !declared.is_empty() {
            let target = if let Some(front) = front {
                self.failing(front, Expr::source(Source::ErrorOutput))
            } else {
                self.failing_at_once(Expr::source(Source::ErrorOutput))
            };
            self.catch(catchers, declared, &target);
        }
        let Unknown { stack, flag } = self.lists.after_unknown(undo, front);
        if let Some(stack) = stack {
            let mut target = self.failing(stack, caught(call));
            self.due_if_unknown(&mut target, call, flag);
            self.catch(catchers, unknown, &target);
        }
    }

    /// The Catcher that makes an execution's failure the workflow's own: to the service it is the Task's.
    fn catch_execution(&mut self, catchers: &mut Catchers, call: &Call) {
        if !catchers.take_all() {
            let target = self.failing_at_once(caught(call));
            self.catch(catchers, vec![CATCH_ALL.to_owned()], &target);
        }
    }

    /// The Catcher that sends what nothing else catches to the pending compensations.
    fn catch_pending(&mut self, catchers: &mut Catchers, stack: Stack, failure: &Expr) {
        if let Some(pending) = stack.filter(|_| !catchers.take_all()) {
            let target = self.failing(pending, failure.clone());
            self.catch(catchers, vec![CATCH_ALL.to_owned()], &target);
        }
    }

    /// Where a failure leads that nothing is undone for.
    fn failing_at_once(&mut self, failure: Expr) -> Target {
        let mut target = self.rethrow(None, None, &Expr::variable(self.failure));
        target.bind_first(self.failure, failure);
        target
    }
}

/// What a task answers: the handler's payload, or what the token was completed with.
fn answer(call: &Call) -> Expr {
    if let Some(service) = &call.service {
        return service.output.clone();
    }
    Expr::source(match call.spec.pattern {
        Pattern::RequestResponse => Source::Payload,
        Pattern::WaitForCallback | Pattern::Activity => Source::Result,
    })
}

/// A failure as it is caught: of an execution what that failed with, which the service wraps into a description.
pub(super) fn caught(call: &Call) -> Expr {
    let caught = Expr::source(Source::ErrorOutput);
    if !call.spec.executes() {
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
    let takes = |arm: &Arm| names(arm, &[HEARTBEAT, CATCH_ALL]);
    let timeouts = call.arms.iter().position(|arm| names(arm, &[name::TIMEOUT, CATCH_ALL]))?;
    let by = call.arms.iter().position(takes);
    (!takes(&call.arms[timeouts]) && by.is_none_or(|by| by > timeouts)).then_some((timeouts, by))
}
