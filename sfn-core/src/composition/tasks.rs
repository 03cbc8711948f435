//! The tasks that workflows call, each once: what a program serves.
//! Separate from recording, because a program that serves tasks has no use for what builds definitions, and does not link it.

use std::any::TypeId;

use super::Asked;
use crate::{Definition, Task, TaskEntry, Workflow};

/// A list of tasks, each once.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    entries: Vec<TaskEntry>,
    ids: Vec<TypeId>,
    asked: Asked,
}

impl Tasks {
    /// The tasks that a workflow calls, compensations included: what `order_saga::tasks()` gives.
    ///
    /// ```
    /// use sfn_core::{Flow, Origin, Tasks, Workflow, WorkflowSpec};
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/greeting.in")); }
    /// # use support::greet;
    ///
    /// struct Hello;
    ///
    /// impl Workflow for Hello {
    ///     type Input = String;
    ///     type Output = String;
    ///     const SPEC: WorkflowSpec =
    ///         WorkflowSpec { name: "hello", doc: "Greets.", origin: Origin::new("src/hello.rs", 1, 1) };
    ///
    ///     fn define(flow: &mut Flow) {
    ///         let name = flow.input::<String>("name");
    ///         let greeting = flow.task(greet(&name)).run();
    ///         flow.succeed(greeting);
    ///     }
    /// }
    ///
    /// assert_eq!(Tasks::of::<Hello>()[0].spec.name, "greet");
    /// ```
    pub fn of<W: Workflow>() -> Vec<TaskEntry> {
        let mut tasks = Self::default();
        W::list_tasks(&mut tasks);
        tasks.entries
    }

    /// Lists a task, unless a service does its work: nobody serves that.
    pub fn add<T: Task>(&mut self) {
        let id = TypeId::of::<T>();
        if T::SPEC.integration.is_none() && !self.ids.contains(&id) {
            self.ids.push(id);
            self.entries.push(TaskEntry::of::<T>());
        }
    }

    /// Lists what a definition calls.
    pub fn add_all(&mut self, definition: &Definition) {
        for (id, entry) in definition.tasks.with_ids() {
            if !self.ids.contains(&id) {
                self.ids.push(id);
                self.entries.push(*entry);
            }
        }
    }

    /// Whether an inlined workflow is to list what it calls: the first time it is called.
    pub(super) fn lacks<F: 'static>(&mut self) -> bool {
        self.asked.for_the_first_time::<F>()
    }

    pub(crate) fn entries(&self) -> &[TaskEntry] {
        &self.entries
    }

    pub(crate) fn with_ids(&self) -> impl Iterator<Item = (TypeId, &TaskEntry)> {
        self.ids.iter().copied().zip(&self.entries)
    }
}
