//! Calls that are one State: of a task, and of a workflow that is executed or started.
//! Separate from what can be called at all because only such a call can be made later, by itself, to undo a step.

use crate::{Flow, Origin, Task, TaskCall};

/// A call that is one State, and can therefore undo a step: of a task, or of a workflow that is executed or started.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot undo a step: a compensation is one call, of a task or of a workflow [compensation-form]",
    label = "expected a call: `|output| undo(&output.id)`",
    note = "make it a task with `#[task]`, or a workflow of its own with `#[workflow]`"
)]
pub trait StateCall: Sized {
    /// The task, or what stands for the workflow.
    type Task: Task;

    /// Tells a workflow under construction what the call means for it.
    fn announce(flow: &mut Flow, origin: Origin);

    /// The call, with its options.
    fn into_task_call(self) -> TaskCall<Self::Task>;
}

impl<T: Task> StateCall for TaskCall<T> {
    type Task = T;

    fn announce(_: &mut Flow, _: Origin) {}

    fn into_task_call(self) -> Self {
        self
    }
}
