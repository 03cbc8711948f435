//! A task's place in a workflow: its call's options, and what becomes of its result.
//! Separate because it is the one statement with options of its own.

use std::marker::PhantomData;
use std::time::Duration;

use super::{Flow, Matching};
use crate::integration::{Given, taken_apart};
use crate::ir::{
    Arm, Block, CATCH_ALL, Call, Compensation, Element, Expr, ExprKind, NodeKind, Service, Source,
    VariableId, VariableRole,
};
use crate::task::CallOptions;
use crate::{
    AnyVal, ArgValue, ArgumentSource, Origin, Pattern, Repetition, Retry, StateCall, Symbolic, Task,
    TaskSpec, Val,
};

/// A task in a workflow, about to be recorded.
///
/// ```
/// use sfn_core::{Definition, secs};
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/greeting.in")); }
/// # use support::greet;
///
/// let definition = Definition::from_flow("hello", "", |flow| {
///     let name = flow.input::<String>("name");
///     let greeting = flow.task(greet(&name)).timeout(secs(30)).bind("greeting").run();
///     flow.succeed(greeting);
/// });
/// let machine = definition.lower().unwrap().machine;
/// let text = machine.to_json_pretty();
/// assert!(text.contains(r#""Payload": "{% $states.input %}""#));
/// assert!(text.contains(r#""Output": "{% $states.result.Payload %}""#));
/// ```
#[derive(Debug)]
#[must_use = "a step is recorded by `run`, `matching` or `ignore`"]
pub struct Step<'f, T: Task> {
    pub(super) flow: &'f mut Flow,
    pub(super) origin: Origin,
    pub(super) call: Call,
    task: PhantomData<fn() -> T>,
}

impl<'f, T: Task> Step<'f, T> {
    pub(crate) fn new<C: StateCall<Task = T>>(flow: &'f mut Flow, origin: Origin, call: C) -> Self {
        C::announce(flow, origin);
        let call = call.into_task_call();
        flow.tasks.add::<T>();
        let result = flow.variable(None, T::SPEC.name, VariableRole::Bound);
        flow.shapes.insert(result, (T::SPEC.output)());
        let call = flow.call(origin, &T::SPEC, call.arguments, call.options, result);
        Self { flow, origin, call, task: PhantomData }
    }

    /// The same step, retried in this way.
    pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
        self.call.retry = retry.into().policy();
        self
    }

    /// The same step, each attempt of which fails with `States.Timeout` after this long.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call.timeout = Some(timeout);
        self
    }

    /// The same step, each attempt of which fails with `States.HeartbeatTimeout` after this long without a heartbeat.
    pub fn heartbeat(mut self, heartbeat: Duration) -> Self {
        self.call.heartbeat = Some(heartbeat);
        self
    }

    /// The same step, its State named by hand.
    pub fn named(mut self, name: &'static str) -> Self {
        self.call.name = Some(name.to_owned());
        self
    }

    /// The same step, its result under the name it is bound to in Rust.
    pub fn bind(self, name: &str) -> Self {
        if name != "_" {
            self.flow.variables[self.call.result.0 as usize].name = Some(name.to_owned());
        }
        self
    }

    /// The same step, undone by another task, or by a workflow, should the workflow fail after this one has succeeded.
    pub fn compensate<C: StateCall>(self, undo: impl FnOnce(Val<T::Output>) -> C) -> Self {
        self.compensate_any(|output| undo(Val::from_erased(output)))
    }

    /// As [`compensate`](Self::compensate), the output erased.
    pub fn compensate_any<C: StateCall>(mut self, undo: impl FnOnce(AnyVal) -> C) -> Self {
        let undo = undo(self.output());
        self.call.compensation = Some(self.compensation(undo));
        self
    }

    /// The same step, undone by another task, or by a workflow, should this one fail so that nobody knows whether it
    /// happened: a task by anything but an error that it declares, an execution without having undone what it did.
    pub fn compensate_unknown<C: StateCall>(mut self, undo: impl FnOnce() -> C) -> Self {
        self.call.unknown = Some(self.compensation(undo()));
        self
    }

    fn compensation<C: StateCall>(&mut self, undo: C) -> Box<Compensation> {
        C::announce(self.flow, self.origin);
        let undo = undo.into_task_call();
        let spec = &<C::Task as Task>::SPEC;
        if self.flow.children > 0 {
            self.flow.report(
                "compensation-in-child",
                self.origin,
                "`.compensate` inside `map_distributed` is not supported: its child executions end by themselves",
                "call a workflow there that undoes its own steps",
            );
        }
        let given = |is_so: fn(&Expr) -> bool| {
            let mut arguments = undo.arguments.iter();
            arguments.any(|(_, argument)| matches!(argument, ArgValue::Symbolic(value) if is_so(&value.expr)))
        };
        if given(Expr::is_volatile) {
            self.flow.report(
                "drawn-in-compensation",
                self.origin,
                "a compensation is given what is drawn in it: it runs later, and would draw another value",
                "bind the value in front of the step",
            );
        }
        if given(|argument| argument.reads(Source::RetryCount)) {
            self.flow.report(
                "retry-count-without-task",
                self.origin,
                "`retry_count()` is given to a compensation, whose arguments are those of the step that it undoes",
                "count inside the undoing task, or leave it out",
            );
        }
        self.flow.tasks.add::<C::Task>();
        let result = self.flow.variable(None, spec.name, VariableRole::Bound);
        // It may run behind the map that it is recorded in, or in one over what is to be undone.
        self.flow.places.push(None);
        let call = self.flow.call(self.origin, spec, undo.arguments, undo.options, result);
        self.flow.places.pop();
        let changes = call.payload.as_ref().is_some_and(|payload| self.flow.reads_mutable(payload));
        let kept_in =
            changes.then(|| self.flow.variable(None, &format!("{}_input", spec.name), VariableRole::Bound));
        Box::new(Compensation { origin: self.origin, call, kept_in })
    }

    /// Records the step; a failure ends the workflow (`?`), pending compensations first.
    pub fn run(self) -> Val<T::Output> {
        Val::from_erased(self.run_any())
    }

    /// As [`run`](Self::run), the output erased.
    pub fn run_any(self) -> AnyVal {
        let output = self.output();
        self.flow.push(self.origin, NodeKind::Task(Box::new(self.call)));
        output
    }

    /// Records the step; a failure is swallowed: `let _ = call.await;`.
    pub fn ignore(mut self) {
        let arm = Arm {
            origin: self.origin,
            errors: vec![CATCH_ALL.to_owned()],
            fields: None,
            failure: None,
            body: Block::default(),
        };
        self.call.arms.push(arm);
        self.flow.push(self.origin, NodeKind::Task(Box::new(self.call)));
    }

    /// Begins a match on the step's result: `match call.await { .. }`.
    pub fn matching<V: Symbolic>(self) -> Matching<'f, T, V> {
        Matching::new(self)
    }

    pub(super) fn output(&self) -> AnyVal {
        AnyVal::new(Expr::variable(self.call.result), (T::SPEC.output)())
    }
}

impl Flow {
    fn call(
        &mut self,
        origin: Origin,
        spec: &TaskSpec,
        arguments: Vec<(&'static str, ArgValue)>,
        options: CallOptions,
        result: VariableId,
    ) -> Call {
        let (service, payload) = match &spec.integration {
            Some(integration) => {
                let request = (integration.request)(&Given::new(arguments));
                self.report_faults(origin, &request.arguments);
                let resource = request.resource();
                let name = request.name.unwrap_or_else(|| spec.name.to_owned());
                let (output, payload) = match (integration.output(spec.pattern), request.arguments.expr) {
                    (output, arguments) if resource.is_some() => {
                        (output, self.evaluated_once(origin, arguments))
                    }
                    (result, state) => taken_apart(&state, result),
                };
                (Some(Service { resource, name, output }), Some(payload))
            }
            None => (None, self.payload(origin, spec, arguments)),
        };
        Call {
            spec: *spec,
            service,
            payload,
            retry: options.retry.unwrap_or(spec.retry).policy(),
            timeout: options.timeout.or(spec.timeout),
            heartbeat: options.heartbeat.or(spec.heartbeat),
            name: options.name.map(str::to_owned),
            result,
            value: None,
            compensation: None,
            unknown: None,
            ok: None,
            arms: Vec::new(),
        }
    }

    /// What tells the visits of the State that is being recorded apart: those of loops by their times, those of maps by the
    /// places of the items.
    fn visit(&mut self) -> Expr {
        let places = self.places.clone();
        let Some((_, outer)) = places.split_last() else { return Expr::source(Source::Visit) };
        let own = Expr::source(Source::VisitOfItem);
        if outer.is_empty() {
            return own;
        }
        let mut parts = vec![Element::Plain(own)];
        for (depth, known) in outer.iter().enumerate() {
            let place = known.unwrap_or_else(|| self.variable(None, "place", VariableRole::Bound));
            self.places[depth] = Some(place);
            parts.push(Element::Plain(Expr::variable(place)));
        }
        Expr::new(ExprKind::Array(parts))
    }

    /// A part of a call's arguments, which a Retrier would evaluate again: what is another thing each time is bound before.
    fn once(&mut self, origin: Origin, name: &str, part: Expr) -> Expr {
        if !part.is_volatile() {
            return part;
        }
        let variable = self.variable(None, name, VariableRole::Bound);
        self.push(origin, NodeKind::Let { variable, value: part });
        Expr::variable(variable)
    }

    /// The same for the arguments of a service.
    fn evaluated_once(&mut self, origin: Origin, arguments: Expr) -> Expr {
        match arguments.kind() {
            ExprKind::Object(entries) => {
                let entries = entries.iter();
                let entries =
                    entries.map(|(name, part)| (name.clone(), self.once(origin, name, part.clone())));
                Expr::new(ExprKind::Object(entries.collect()))
            }
            _ => self.once(origin, "arguments", arguments),
        }
    }

    /// The payload of a call: nothing, the only argument itself, or an object of the arguments and the token.
    fn payload(
        &mut self,
        origin: Origin,
        spec: &TaskSpec,
        arguments: Vec<(&'static str, ArgValue)>,
    ) -> Option<Expr> {
        let mut given = Vec::new();
        for (name, argument) in arguments {
            let declared = spec.arguments.iter().find(|declared| declared.name == name);
            let shape = declared.map_or(crate::Shape::Any, |declared| (declared.shape)());
            let value = AnyVal::of_argument(argument, shape);
            self.report_faults(origin, &value);
            given.push((name, self.once(origin, name, value.expr)));
        }
        if spec.sole_argument().is_some() {
            return given.pop().map(|(_, expr)| expr);
        }
        if spec.pattern == Pattern::WaitForCallback && spec.token().is_none() {
            self.report(
                "callback-without-token",
                origin,
                format!("task `{}` waits for a callback and has no token to be called back with", spec.name),
                "give it a `TaskToken<T>` argument",
            );
        }
        if let (Repetition::Replays(_), true) =
            (spec.repetition, given.iter().any(|(_, expr)| expr.reads(Source::RetryCount)))
        {
            self.report(
                "retry-count-of-idempotent-task",
                origin,
                format!(
                    "`retry_count()` is given to the idempotent task `{}`: its attempts would not be one call",
                    spec.name
                ),
                "leave it out, and ask for `context: TaskContext`, which counts them",
            );
        }
        let visit = spec.visit().map(|_| self.visit());
        let entry = |declared: &crate::ArgumentSpec| {
            let name = declared.name.to_owned();
            match declared.source {
                ArgumentSource::Token => return Some((name, Expr::source(Source::TaskToken))),
                ArgumentSource::Context => return Some((name, Expr::source(Source::TaskContext))),
                ArgumentSource::Visit => return visit.clone().map(|visit| (name, visit)),
                ArgumentSource::Caller => {}
            }
            given.iter().find(|(given, _)| *given == declared.name).map(|(_, expr)| (name, expr.clone()))
        };
        let entries: Vec<_> = spec.arguments.iter().filter_map(entry).collect();
        (!entries.is_empty()).then(|| Expr::new(ExprKind::Object(entries)))
    }
}
