//! Task calls: what follows a success, and the Catchers for what may go wrong instead.
//! Separate from other nodes because a failure has many ways to go: an arm, a compensation, the callee's own name.

use super::graph::{Catcher, Edge, NameHint, StateId, StateKind, TaskState};
use super::live::VariableSet;
use super::naming;
use super::pending::{Stack, Way};
use super::sequence::{Lowering, first_paragraph, way_behind};
use super::target::Target;
use super::unknown::{Errors, errors_of_arms};
use crate::error::name;
use crate::ir::{
    Arm, CATCH_ALL, Call, Compensation, Element, Expr, ExprKind, Node, NodeKind, Operator, Source,
};
use crate::{Origin, Pattern};

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
        if let Some((undo, variable)) = compensation.and_then(|undo| Some((undo, undo.kept_in?))) {
            target.bind_first(variable, undo.call.kept().unwrap_or_else(Expr::null));
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
    pub(super) fn catch_pending(
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

/// Whether a call waits for an execution of another workflow.
fn executes(call: &Call) -> bool {
    call.spec.integration.is_some_and(|integration| integration.executes)
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
