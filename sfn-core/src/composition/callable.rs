//! What a workflow can call: functions of tasks and of inlined workflows, seen from a workflow's twin.
//! Separate because the twin must not judge the arguments a second time: rustc judges them in the user's own function.

use std::any::TypeId;

use super::Tasks;
use crate::{AnyVal, ArgValue, Flow, Origin, Step, Task, TaskCall};

/// A call that can be recorded in a workflow: of a task, or of a workflow that is inlined.
pub trait Callable: Sized {
    /// The call with its options, about to be recorded.
    type Step<'f>;

    /// A call with symbolic arguments, in the order of the function's parameters.
    fn with(arguments: Vec<AnyVal>) -> Self;

    /// The beginning of its record.
    fn step(self, flow: &mut Flow, origin: Origin) -> Self::Step<'_>;

    /// Whether it leaves something behind that whoever calls it has to undo.
    fn compensates(_asked: &mut Asked) -> bool {
        false
    }

    /// Lists the tasks that whoever makes the call needs to be served.
    fn list_tasks(_tasks: &mut Tasks) {}
}

/// The inlined workflows that were asked for something that is in them: none is asked twice.
#[derive(Clone, Debug, Default)]
pub struct Asked(Vec<TypeId>);

impl Asked {
    /// Whether a workflow is asked for the first time.
    pub(super) fn for_the_first_time<F: 'static>(&mut self) -> bool {
        let id = TypeId::of::<F>();
        let is_first = !self.0.contains(&id);
        self.0.extend(is_first.then_some(id));
        is_first
    }
}

impl<T: Task> Callable for TaskCall<T> {
    type Step<'f> = Step<'f, T>;

    fn with(arguments: Vec<AnyVal>) -> Self {
        let spec = T::SPEC;
        let own = spec.given().map(|argument| argument.name);
        let of_service = spec.integration.map_or(&[][..], |integration| integration.arguments);
        let names = of_service.iter().copied().chain(own);
        Self::new(names.zip(arguments.into_iter().map(ArgValue::Symbolic)).collect())
    }

    fn step(self, flow: &mut Flow, origin: Origin) -> Step<'_, T> {
        Step::new(flow, origin, self)
    }

    fn list_tasks(tasks: &mut Tasks) {
        tasks.add::<T>();
    }
}

/// A function that a workflow can call: what `#[task]` and `#[workflow]` make of an `async fn`, of up to twelve arguments.
///
/// `Marker` only tells the numbers of arguments apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a task [not-a-task]",
    label = "a workflow can only call tasks",
    note = "make it a task with `#[task]`, or move the computation into one"
)]
pub trait TaskFunction<Marker> {
    /// Its call.
    type Call: Callable;
}

/// A call by its function, with symbolic arguments in the order of the parameters.
///
/// The function itself is never called. Missing or surplus arguments are reported by rustc where the user wrote the call.
pub fn call<F: TaskFunction<M>, M>(_function: F, arguments: impl IntoIterator<Item = AnyVal>) -> F::Call {
    F::Call::with(arguments.into_iter().collect())
}

/// A function that is called, to be asked which tasks its call needs, and whether it leaves something behind that whoever
/// makes it has to undo.
///
/// rustc finds the answer by its method lookup: one that is no task, which the twin refuses, is not refused here again.
#[derive(Debug)]
pub struct Called<F>(pub F);

/// The answer of a function that a workflow can call.
pub trait AnswersAsCall<Marker> {
    /// Whether the call leaves something behind.
    fn compensates(&self, asked: &mut Asked) -> bool;

    /// Lists the tasks that the call needs.
    fn list_tasks(&self, tasks: &mut Tasks);
}

impl<M, F: TaskFunction<M>> AnswersAsCall<M> for Called<F> {
    fn compensates(&self, asked: &mut Asked) -> bool {
        F::Call::compensates(asked)
    }

    fn list_tasks(&self, tasks: &mut Tasks) {
        F::Call::list_tasks(tasks);
    }
}

/// The answer of anything else.
pub trait AnswersNo {
    /// No.
    fn compensates(&self, _asked: &mut Asked) -> bool {
        false
    }

    /// None.
    fn list_tasks(&self, _tasks: &mut Tasks) {}
}

impl<F> AnswersNo for &Called<F> {}

/// A task that an Express execution can run: one that answers at once, and waits for no callback.
#[diagnostic::on_unimplemented(
    message = "`{Self}` waits for a callback or a worker, which an Express execution cannot [wait-in-express]",
    label = "called in a workflow that is `express`",
    note = "remove `express` from the workflow, or let a Standard workflow wait"
)]
pub trait ExpressTask: Task {}

/// A call that an Express execution can make.
#[diagnostic::on_unimplemented(
    message = "this call waits for a callback, a worker, a job or an execution, which an Express execution cannot [wait-in-express]",
    label = "called in a workflow that is `express`",
    note = "let a Standard workflow wait; another workflow can be started and left (`.start().await?`) or inlined"
)]
pub trait ExpressCallable: Callable {}

#[diagnostic::do_not_recommend]
impl<T: ExpressTask> ExpressCallable for TaskCall<T> {}

/// As [`call`], in a workflow whose executions are Express.
pub fn call_in_express<F: TaskFunction<M>, M>(
    function: F,
    arguments: impl IntoIterator<Item = AnyVal>,
) -> F::Call
where
    F::Call: ExpressCallable,
{
    call(function, arguments)
}

macro_rules! task_function {
    ($($argument:ident)*) => {
        impl<F, C: Callable> TaskFunction<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> C,
        {
            type Call = C;
        }
    };
}

task_function!();
task_function!(AnyVal);
task_function!(AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal);
task_function!(AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal AnyVal);
