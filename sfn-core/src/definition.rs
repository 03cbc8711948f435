//! A workflow as a value: recorded once, asked for its tasks, its tree or its state machine.
//! Separate because it is what `order_saga::definition()` gives and what emission, Lambda and tests take.

use std::any::TypeId;
use std::fmt;

use sfn_asl::{Code, Diagnostic, Place};

use crate::ir::Workflow as Tree;
use crate::lint::Levels;
use crate::lower::{self, Lowered};
use crate::{
    CompensationOrder, ExecutionType, Flow, Origin, Payload, Shape, TaskEntry, Tasks, Workflow, WorkflowSpec,
};

/// More the service does not take.
const LONGEST_NAME: usize = 80;

/// A recorded workflow.
///
/// ```
/// use sfn_core::{Definition, literal};
///
/// let definition = Definition::from_flow("answer", "", |flow| flow.succeed(literal(42)));
/// assert_eq!(definition.name(), "answer");
/// assert_eq!(definition.lower().unwrap().machine.start_at, "Succeeded");
/// ```
#[derive(Clone, Debug)]
pub struct Definition {
    tree: Tree,
    pub(crate) tasks: Tasks,
    callees: Vec<Callee>,
    contract: Option<Contract>,
}

/// A workflow that another one executes.
#[derive(Clone, Copy, Debug)]
pub struct Callee {
    pub(crate) id: TypeId,
    /// Its name, documentation and place.
    pub spec: WorkflowSpec,
    /// Whether the other waits for it to end.
    pub waits: bool,
    /// Its definition.
    pub definition: fn() -> Definition,
}

/// What a workflow takes and gives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contract {
    pub(crate) input: fn() -> Shape,
    pub(crate) output: fn() -> Shape,
}

impl Definition {
    /// The definition of a workflow.
    pub fn of<W: Workflow>() -> Self {
        let spec = W::SPEC;
        let recorded = Self::record(spec.name, spec.doc, Some(spec.origin), |flow| {
            if W::KIND == ExecutionType::Express {
                flow.express();
            }
            if W::COMPENSATION == CompensationOrder::Parallel {
                flow.compensate_in_parallel();
            }
            W::define(flow);
        });
        let contract = Contract { input: W::Input::shape, output: W::Output::shape };
        Self { contract: Some(contract), ..recorded }
    }

    /// A definition built by hand, under the name of the state machine.
    #[track_caller]
    pub fn from_flow(name: &str, doc: &str, define: impl FnOnce(&mut Flow)) -> Self {
        Self::record(name, doc, Some(Origin::caller()), define)
    }

    fn record(name: &str, doc: &str, origin: Option<Origin>, define: impl FnOnce(&mut Flow)) -> Self {
        let (tree, tasks, callees) = Flow::record(name, doc, origin, define);
        Self { tree, tasks, callees, contract: None }
    }

    /// The name of the state machine, in kebab-case.
    pub fn name(&self) -> &str {
        &self.tree.name
    }

    /// The documentation.
    pub fn doc(&self) -> &str {
        &self.tree.doc
    }

    /// What it takes and gives; nothing is known of one that was built by hand.
    pub(crate) fn contract(&self) -> Option<Contract> {
        self.contract
    }

    /// The kind of its executions.
    pub fn kind(&self) -> ExecutionType {
        self.tree.kind
    }

    /// Where the workflow is written.
    pub fn origin(&self) -> Option<Origin> {
        self.tree.origin
    }

    /// Every task the workflow calls, compensations included, in the order of the Rust text.
    pub fn tasks(&self) -> &[TaskEntry] {
        self.tasks.entries()
    }

    /// The state machine.
    ///
    /// # Errors
    ///
    /// Everything that keeps the workflow from being one, warnings included.
    pub fn lower(&self) -> Result<Lowered, Vec<Diagnostic>> {
        self.lower_at(&Levels::new())
    }

    /// The state machine, where a package says how bad it is what lints find. The workflow has the last word, and a task
    /// about itself.
    ///
    /// # Errors
    ///
    /// As [`lower`](Self::lower), and what lints find that are denied.
    pub fn lower_at(&self, levels: &Levels) -> Result<Lowered, Vec<Diagnostic>> {
        let mut faults = self.clashing_tasks();
        faults.extend(self.recursion());
        faults.extend(self.misnomer());
        match lower::lower(&self.tree, levels) {
            Ok(lowered) if faults.is_empty() => Ok(lowered),
            Ok(_) => Err(faults),
            Err(diagnostics) => Err(faults.into_iter().chain(diagnostics).collect()),
        }
    }

    /// The workflows it executes, in the order of the Rust text.
    pub fn callees(&self) -> &[Callee] {
        &self.callees
    }

    /// A workflow that executes itself, be it by others.
    fn recursion(&self) -> Option<Diagnostic> {
        let is_self =
            |callee: &Callee| callee.spec.name == self.name() && Some(callee.spec.origin) == self.origin();
        let reaches = self
            .callees
            .iter()
            .find(|callee| is_self(callee) || executed(&(callee.definition)(), &mut Vec::new(), &is_self))?;
        let by = if is_self(reaches) { String::new() } else { format!(" by `{}`", reaches.spec.name) };
        let message = format!("the workflow `{}` executes itself{by}, without end", self.name());
        let place = Place::Rust(self.origin()?.into());
        let help = "repeat with a loop, or let something outside start the next execution";
        Some(Diagnostic::error(Code::new("endless-execution"), place, message).with_help(help))
    }

    /// A name that the service does not take.
    fn misnomer(&self) -> Option<Diagnostic> {
        let name = self.name();
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        let (message, help) = if name.chars().any(|character| !is_plain(character)) {
            let message = format!("`{name}` is no name for a State Machine");
            (message, "it consists of letters of ASCII, digits, `-` and `_`")
        } else if !(1..=LONGEST_NAME).contains(&name.len()) {
            let message = format!("the name `{name}` has {} characters", name.len());
            (message, "the name of a State Machine has 1 to 80")
        } else {
            return None;
        };
        let place = Place::Rust(self.origin()?.into());
        Some(Diagnostic::error(Code::new("workflow-name"), place, message).with_help(help))
    }

    /// Different tasks under one handler's name, which the deployed binary could not tell apart.
    fn clashing_tasks(&self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for (at, task) in self.tasks().iter().enumerate() {
            let name = task.spec.name;
            if let Some(other) = self.tasks()[..at].iter().find(|other| other.spec.name == name) {
                let place = Place::Rust(task.spec.origin.into());
                let message = format!("two different tasks are named `{name}`");
                let diagnostic = Diagnostic::error(Code::new("duplicate-task-name"), place, message)
                    .with_help("give one of them another name: `#[task(name = \"..\")]`")
                    .with_note(Some(Place::Rust(other.spec.origin.into())), "the other one is here");
                diagnostics.push(diagnostic);
            }
        }
        diagnostics
    }
}

/// Whether a workflow executes one that is meant, be it by others.
fn executed(definition: &Definition, seen: &mut Vec<TypeId>, is_meant: &dyn Fn(&Callee) -> bool) -> bool {
    definition.callees.iter().any(|callee| {
        if is_meant(callee) {
            return true;
        }
        if seen.contains(&callee.id) {
            return false;
        }
        seen.push(callee.id);
        executed(&(callee.definition)(), seen, is_meant)
    })
}

/// The tree, as a person reads it.
impl fmt::Display for Definition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(formatter)
    }
}
