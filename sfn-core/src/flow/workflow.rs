//! What a workflow is to the rest: its input, its output, its spec and how it is defined.
//! Separate because `#[workflow]` implements it and everything that takes a workflow asks for it.

use super::Flow;
use crate::{Definition, ExecutionType, Origin, Payload, Shape, Tasks};

/// The user's whole: what `#[workflow]` makes of an `async fn`.
///
/// ```
/// use sfn_core::{Definition, Flow, Origin, Workflow, WorkflowSpec, days};
///
/// struct Reminder;
///
/// impl Workflow for Reminder {
///     type Input = String;
///     type Output = String;
///     const SPEC: WorkflowSpec =
///         WorkflowSpec { name: "reminder", doc: "Waits.", origin: Origin::new("src/reminder.rs", 1, 1) };
///
///     fn define(flow: &mut Flow) {
///         let text = flow.input::<String>("text");
///         flow.sleep(days(3));
///         flow.succeed(text);
///     }
/// }
///
/// let machine = Definition::of::<Reminder>().lower().unwrap().machine;
/// assert_eq!(machine.start_at, "Wait3Days");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a workflow [not-a-workflow]",
    note = "put `#[workflow]` on `async fn {Self}`, or implement `Workflow` with the builder"
)]
pub trait Workflow {
    /// What an execution starts with.
    type Input: Payload;
    /// What an execution ends with.
    type Output: Payload;
    /// Its name, documentation and place.
    const SPEC: WorkflowSpec;
    /// The kind of its executions.
    const KIND: ExecutionType = ExecutionType::Standard;
    /// How what it did is undone.
    const COMPENSATION: CompensationOrder = CompensationOrder::Reverse;

    /// Records the workflow's statements.
    fn define(flow: &mut Flow);

    /// Lists the tasks that it calls. `#[workflow]` does it without recording the workflow, so that a program that serves
    /// tasks does not link what records them.
    fn list_tasks(tasks: &mut Tasks)
    where
        Self: Sized,
    {
        tasks.add_all(&Definition::of::<Self>());
    }
}

/// The shape of what a workflow ends with.
///
/// The twin asks for it by the workflow and not by the output's type: a type that is no payload is then told once, in the
/// signature.
pub fn output_shape<W: Workflow>() -> Shape {
    W::Output::shape()
}

/// In which order compensations run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CompensationOrder {
    /// One after the other, the last step first.
    #[default]
    Reverse,
    /// All at once.
    Parallel,
}

/// What is known of a workflow before it is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkflowSpec {
    /// The name of the state machine, in kebab-case: `order-saga`.
    pub name: &'static str,
    /// The documentation, which becomes the machine's `Comment`.
    pub doc: &'static str,
    /// Where it is written.
    pub origin: Origin,
}
