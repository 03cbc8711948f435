//! A task's function seen from a workflow's twin: which task it calls, however many arguments it takes.
//! Separate from `call` because the twin must not judge the arguments a second time: rustc judges them in the user's own function.

use super::{Task, TaskCall};
use crate::{AnyVal, ArgValue};

/// A function that calls a task: what `#[task]` makes of an `async fn`, of up to twelve arguments.
///
/// `Marker` only tells the numbers of arguments apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a task",
    label = "a workflow can only call tasks",
    note = "make it a task with `#[task]`, or move the computation into one"
)]
pub trait TaskFunction<Marker> {
    /// The task it calls.
    type Task: Task;
}

/// A call of a task by its function, with symbolic arguments in the task's order.
///
/// The function itself is never called: the arguments' names come from the task. Missing or surplus arguments are
/// reported by rustc where the user wrote the call.
pub fn call<F: TaskFunction<M>, M>(
    _task: F,
    arguments: impl IntoIterator<Item = AnyVal>,
) -> TaskCall<F::Task> {
    let names =
        F::Task::SPEC.arguments.iter().filter(|argument| !argument.token).map(|argument| argument.name);
    TaskCall::new(names.zip(arguments.into_iter().map(ArgValue::Symbolic)).collect())
}

macro_rules! task_function {
    ($($argument:ident)*) => {
        impl<F, T: Task> TaskFunction<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> TaskCall<T>,
        {
            type Task = T;
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
