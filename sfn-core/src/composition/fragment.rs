//! A workflow that is inlined: its statements become statements of whoever calls it.
//! Separate from the workflow's call because it has no machine, no execution and no saga of its own.

use std::any::TypeId;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::Value;

use super::{Asked, Callable, StateCall, Tasks};
use crate::ir::Source;
use crate::native::{as_execution, is_executed, within_saga};
use crate::payload::decode;
use crate::{
    AnyVal, ArgValue, Failed, Flow, Matching, Origin, Payload, ShapeOf, Step, Symbolic, Task, TaskCall,
    TaskSpec, Turn, WorkflowSpec, fail,
};

/// A workflow that is inlined, as it is recorded: half of what `#[workflow(inline)]` makes of an `async fn`.
pub trait FragmentTwin: Sized + 'static {
    /// What it gives.
    type Output: Payload;
    /// Its name, documentation and place.
    const SPEC: WorkflowSpec;
    /// Its parameters: their names and what they hold.
    const PARAMETERS: &'static [(&'static str, ShapeOf)];

    /// Records the statements of the body; it ends by leaving `turn` with its value.
    fn define(flow: &mut Flow, turn: Turn, arguments: Vec<AnyVal>);

    /// Lists the tasks that it calls, without recording it.
    fn list_tasks(tasks: &mut Tasks);
}

/// A workflow that is inlined, as it runs: the other half.
pub trait Fragment: FragmentTwin {
    /// Runs the user's body.
    ///
    /// # Errors
    ///
    /// Whatever the body fails with.
    fn run(arguments: FragmentArguments) -> impl Future<Output = Result<Self::Output, Failed>> + Send;

    /// Whether anything in it is compensated.
    fn compensates(asked: &mut Asked) -> bool;
}

/// The arguments of a fragment that runs natively, in the order of its parameters.
#[derive(Debug)]
pub struct FragmentArguments(std::vec::IntoIter<ArgValue>);

impl FragmentArguments {
    /// Takes the next one.
    ///
    /// # Errors
    ///
    /// `Payload.Invalid` where it cannot travel as JSON.
    pub fn take<T: Payload>(&mut self) -> Result<T, Failed> {
        decode(self.0.next().unwrap_or(ArgValue::Json(Value::Null)).into_json(".")?)
    }
}

/// A call of a workflow that is inlined.
///
/// Awaited inside of another workflow it belongs to it, compensations included. Anywhere else it is a workflow itself.
#[must_use = "a workflow runs when its call is awaited"]
pub struct FragmentCall<F: Fragment> {
    arguments: Vec<ArgValue>,
    run: Option<Run<F::Output>>,
}

type Run<O> = Pin<Box<dyn Future<Output = Result<O, Failed>> + Send>>;

impl<F: Fragment> FragmentCall<F> {
    /// A call with its arguments, in the order of the parameters.
    pub fn new(arguments: Vec<ArgValue>) -> Self {
        Self { arguments, run: None }
    }
}

impl<F: Fragment> Future for FragmentCall<F> {
    type Output = Result<F::Output, Failed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let call = &mut *self;
        let arguments = &mut call.arguments;
        let started = call.run.get_or_insert_with(|| {
            let arguments = FragmentArguments(std::mem::take(arguments).into_iter());
            let run = within_saga(F::run(arguments));
            if is_executed() {
                Box::pin(run)
            } else {
                Box::pin(as_execution(F::SPEC.name, Value::Null, run)) as Run<F::Output>
            }
        });
        started.as_mut().poll(context)
    }
}

impl<F: Fragment> fmt::Debug for FragmentCall<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct(F::SPEC.name).field("arguments", &self.arguments).finish_non_exhaustive()
    }
}

impl<F: Fragment> super::ExpressCallable for FragmentCall<F> {}

impl<F: Fragment> Callable for FragmentCall<F> {
    type Step<'f> = FragmentStep<'f, F>;

    fn with(arguments: Vec<AnyVal>) -> Self {
        Self::new(arguments.into_iter().map(ArgValue::Symbolic).collect())
    }

    fn step(self, flow: &mut Flow, origin: Origin) -> FragmentStep<'_, F> {
        FragmentStep { flow, origin, call: self, name: None }
    }

    fn compensates(asked: &mut Asked) -> bool {
        asked.for_the_first_time::<F>() && F::compensates(asked)
    }

    fn list_tasks(tasks: &mut Tasks) {
        if tasks.lacks::<F>() {
            F::list_tasks(tasks);
        }
    }
}

/// A fragment in a workflow, about to be recorded by [`run_any`](Self::run_any).
#[derive(Debug)]
#[must_use = "a fragment is recorded by `run_any`"]
pub struct FragmentStep<'f, F: Fragment> {
    flow: &'f mut Flow,
    origin: Origin,
    call: FragmentCall<F>,
    name: Option<String>,
}

impl<'f, F: Fragment> FragmentStep<'f, F> {
    /// The same fragment, its value under the name it is bound to in Rust.
    pub fn bind(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Records the statements and gives their value.
    pub fn run_any(self) -> AnyVal {
        let Self { flow, origin, call, name } = self;
        let parameters = F::PARAMETERS.iter().zip(call.arguments);
        let arguments: Vec<_> = parameters
            .map(|((name, shape), argument)| (*name, AnyVal::of_argument(argument, shape())))
            .collect();
        if arguments.iter().any(|(_, argument)| argument.expr.reads(Source::RetryCount)) {
            flow.report(
                "retry-count-without-task",
                origin,
                format!(
                    "`retry_count()` is given to the inlined workflow `{}`, which is not retried",
                    F::SPEC.name
                ),
                "give it to a task",
            );
        }
        let value = flow.inline(origin, TypeId::of::<F>(), F::SPEC.name, |flow, turn| {
            let named = arguments.into_iter().map(|(name, argument)| flow.let_(name, argument)).collect();
            F::define(flow, turn, named);
        });
        // What its statements gave is known; what their Rust types are, only the signature says.
        let value = value.of::<F::Output>();
        match name {
            Some(name) if name != "_" && !value.is_unit() => flow.let_(&name, value),
            _ => value,
        }
    }

    /// Its failure cannot be swallowed: what it did before it failed would have to be found out.
    pub fn ignore(mut self) {
        self.refuse();
        self.run_any();
    }

    /// Its failure cannot be matched on: what it did before it failed would have to be found out.
    pub fn matching<V: Symbolic>(mut self) -> Matching<'f, impl Task, V> {
        self.refuse();
        Step::new(self.flow, self.origin, TaskCall::<Refused>::new(Vec::new())).matching()
    }

    fn refuse(&mut self) {
        let name = F::SPEC.name;
        self.flow.report(
            "inlined-failure-caught",
            self.origin,
            format!(
                "the failure of the inlined workflow `{name}` is caught here, and ends whoever inlines it"
            ),
            "write `.await?`, or let it be a workflow of its own: `#[workflow]` without `inline`",
        );
    }
}

/// A workflow that is inlined is not one State, so it can undo nothing: said when the workflow is built, where its name is
/// known.
#[diagnostic::do_not_recommend]
impl<F: Fragment> StateCall for FragmentCall<F> {
    type Task = Refused;

    fn announce(flow: &mut Flow, origin: Origin) {
        flow.report(
            "inlined-compensation",
            origin,
            format!("`{}` is inlined, and what undoes a step is one call, to be made later", F::SPEC.name),
            "let it be a workflow of its own: `#[workflow]` without `inline`",
        );
    }

    fn into_task_call(self) -> TaskCall<Refused> {
        TaskCall::new(Vec::new())
    }
}

/// Stands for a call that was refused.
#[derive(Debug)]
pub enum Refused {}

impl Task for Refused {
    type Output = Value;
    type Error = std::convert::Infallible;

    const SPEC: TaskSpec = TaskSpec::new::<Self>("refused", Origin::new(file!(), 1, 1));

    async fn run(_: Value) -> Result<Value, Failed> {
        Err(fail("States.Runtime", "a workflow that is inlined is not one call"))
    }
}
