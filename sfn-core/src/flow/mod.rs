//! The builder: records a workflow, statement by statement, as the tree of `ir`.
//! Separate because it is the public way to say by hand whatever `#[workflow]` says, and knows nothing of ASL.

mod branching;
mod closures;
mod context;
mod distributing;
mod fan_out;
mod gathering;
mod inlined;
mod iterating;
mod matching;
mod naming;
mod options;
mod ordering;
mod recording;
mod repeating;
mod settling;
mod step;
mod taking_apart;
mod terminal;
mod workflow;

use std::any::TypeId;
use std::collections::BTreeMap;

use sfn_asl::Diagnostic;

use crate::definition::Callee;
use crate::ir::{Expr, ExprKind, Node, NodeKind, Variable, VariableId, VariableRole};
use crate::lint::{Level, Levels, Lint};
use crate::val::{Fault, Inside};
use crate::{AnyVal, Callable, ExecutionType, Origin, Payload, Shape, Symbolic, Tasks, Val};

pub use branching::SwitchArm;
pub use context::{ExecutionVal, StateMachineVal};
pub use distributing::DistributedStep;
pub use fan_out::{Branch, BranchBlocks, MapStep, ParallelStep};
pub use inlined::{Inlined, inlined};
pub use matching::{Caught, Matching};
pub use repeating::Turn;
pub use settling::Settled;
pub use step::Step;
pub use taking_apart::{MatchArm, Tests};
pub use terminal::Delay;
pub use workflow::{CompensationOrder, Workflow, WorkflowSpec, output_shape};

/// A workflow under construction.
///
/// Its methods are the statements of a workflow, in order; blocks are closures that receive the flow again. A value
/// that a statement gives is symbolic ([`Val`], [`AnyVal`]): it exists when the workflow runs.
///
/// ```
/// use sfn_core::{Definition, secs};
///
/// let definition = Definition::from_flow("greet", "Greets after a while.", |flow| {
///     let name = flow.input::<String>("name");
///     flow.sleep(secs(5));
///     flow.succeed(name);
/// });
/// let machine = definition.lower().unwrap().machine;
/// assert_eq!(machine.to_json_pretty(), r#"{
///   "Comment": "Greets after a while.",
///   "QueryLanguage": "JSONata",
///   "StartAt": "Wait5Seconds",
///   "States": {
///     "Wait5Seconds": {
///       "Type": "Wait",
///       "Seconds": 5,
///       "Output": "{% $states.input %}",
///       "End": true
///     }
///   }
/// }"#);
/// ```
#[derive(Debug)]
pub struct Flow {
    variables: Vec<Variable>,
    /// What the variables hold, as far as it is known.
    shapes: BTreeMap<VariableId, Shape>,
    input: Option<VariableId>,
    kind: ExecutionType,
    compensation: CompensationOrder,
    blocks: Vec<Vec<Node>>,
    /// How many branches and iterations are open: compensations cannot be registered there.
    scopes: u32,
    /// How many bodies of distributed maps are open: nothing outside undoes what is done there.
    children: u32,
    /// The maps around the statement being recorded, within one execution: the variable of the item's place, if it is read.
    places: Vec<Option<VariableId>>,
    /// What each of these is ended with early, as far as it is known.
    outcomes: Vec<Option<AnyVal>>,
    /// The variables that change, and how many scopes were open where they were bound.
    depths: BTreeMap<VariableId, u32>,
    /// The loops around the statement being recorded, the innermost last.
    loops: Vec<repeating::OpenLoop>,
    loops_opened: u32,
    /// How many closures of values are open: what they calculate is one expression.
    closures: u32,
    /// The fragments being inlined, the innermost last.
    inlining: Vec<TypeId>,
    position: Option<Origin>,
    diagnostics: Vec<Diagnostic>,
    levels: Levels,
    reported: Vec<Fault>,
    tasks: Tasks,
    callees: Vec<Callee>,
}

impl Flow {
    /// The workflow's input, under the name it has in Rust. Asked for once, first.
    #[track_caller]
    pub fn input<T: Payload>(&mut self, name: &str) -> Val<T> {
        let origin = self.here();
        let id = match self.input {
            Some(id) => {
                self.report(
                    "second-input",
                    origin,
                    "the workflow's input is taken twice",
                    "keep the first value",
                );
                id
            }
            None => self.variable(Some(name), "input", VariableRole::Bound),
        };
        self.input = Some(id);
        self.shapes.insert(id, T::shape());
        Val::from_erased(AnyVal::new(Expr::variable(id), T::shape()))
    }

    /// The input of a workflow that is being rebuilt, erased.
    #[track_caller]
    pub fn input_of<W: Workflow>(&mut self, name: &str) -> AnyVal {
        self.input::<W::Input>(name).into_erased()
    }

    /// Says that executions are Express: `#[workflow(express)]`. Asked for first.
    pub fn express(&mut self) {
        self.kind = ExecutionType::Express;
    }

    /// Lets compensations run all at once: `#[workflow(compensate = parallel)]`. Asked for first.
    pub fn compensate_in_parallel(&mut self) {
        self.compensation = CompensationOrder::Parallel;
    }

    /// Says how bad it is what a lint finds in this workflow: `#[workflow(allow(..), warn(..), deny(..))]`.
    pub fn level(&mut self, lint: Lint, level: Level) {
        self.levels.insert(lint.code().to_owned(), level);
    }

    /// Sets the Rust place of the statements that follow.
    ///
    /// A macro calls it before every statement; hand-written calls need not, they know their caller.
    pub fn at(&mut self, origin: Origin) {
        self.position = Some(origin);
    }

    /// Calls a task: the beginning of a [`Step`], which ends with [`run`](Step::run), [`matching`](Step::matching) or
    /// [`ignore`](Step::ignore). A workflow that is inlined is called in the same way.
    #[track_caller]
    pub fn task<C: Callable>(&mut self, call: C) -> C::Step<'_> {
        let origin = self.here();
        call.step(self, origin)
    }

    /// Names a value: `let name = value;`.
    ///
    /// A pure value costs no State: it becomes part of the expressions that use it, or of a neighbour's `Assign`.
    #[track_caller]
    pub fn let_<V: Symbolic>(&mut self, name: &str, value: V) -> V {
        let origin = self.here();
        V::from_any(self.bind(origin, name, value.into_any()))
    }

    fn bind(&mut self, origin: Origin, name: &str, value: AnyVal) -> AnyVal {
        if let (Inside::Places(places), ExprKind::Array(_)) = (&value.inside, value.expr.kind()) {
            let places = places.clone();
            let named = places.into_iter().enumerate();
            let places = named.map(|(at, place)| self.bind(origin, &format!("{name}_{at}"), place)).collect();
            return crate::tuple(places);
        }
        self.report_faults(origin, &value);
        if let Some(id) = value.expr.as_variable()
            && let Some(variable) = self.variables.get_mut(id.0 as usize)
            && variable.name.is_none()
        {
            variable.name = Some(name.to_owned());
            return value;
        }
        let variable = self.variable(Some(name), name, VariableRole::Bound);
        self.shapes.insert(variable, value.shape.clone());
        self.push(origin, NodeKind::Let { variable, value: value.expr.clone() });
        value.standing_for(Expr::variable(variable))
    }
}
