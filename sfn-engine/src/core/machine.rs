//! A State Machine ready to run: names resolved to places, expressions compiled, ARNs taken apart.
//! Separate from the document so that no execution ever looks a name up or parses a string.

use std::sync::Arc;
use std::time::Duration;

use sfn_asl::StateMachine;

use super::Resource;
use super::retry::Policy;
use crate::history::StateType;
use crate::query::Template;

/// A State Machine, compiled once and run by any number of executions.
///
/// ```
/// use sfn_engine::core::Machine;
///
/// let error = r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }"#.parse::<Machine>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "state `A` uses JSONPath, which this engine does not run: add `\"QueryLanguage\": \"JSONata\"` and write it in JSONata"
/// );
/// ```
#[derive(Debug)]
pub struct Machine {
    pub(super) definition: StateMachine,
    /// The machine itself first, then Branches and Item Processors.
    pub(super) graphs: Vec<Graph>,
    pub(super) timeout: Option<Duration>,
}

impl Machine {
    /// The document it was made from.
    pub fn definition(&self) -> &StateMachine {
        &self.definition
    }
}

/// Where a graph stands in [`Machine::graphs`].
pub(super) type GraphId = usize;

/// Where a State stands in its graph.
pub(super) type NodeId = usize;

/// The States of the machine, of one Branch, or of one Item Processor.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) start: NodeId,
    pub(super) nodes: Vec<Node>,
}

/// A State.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: Arc<str>,
    pub(super) kind: Kind,
    /// What it leaves behind when it succeeds.
    pub(super) leaving: Leaving,
    pub(super) retry: Vec<Policy>,
    pub(super) catch: Vec<Catcher>,
    /// Whether any of its expressions may look at the Context Object.
    pub(super) reads_context: bool,
}

/// What a State, a Choice Rule or a Catcher does to the data as it is left, and where it goes.
#[derive(Debug, Default)]
pub(super) struct Leaving {
    pub(super) assign: Vec<(Arc<str>, Template)>,
    pub(super) output: Option<Template>,
    /// The State that follows; none at the end of the graph.
    pub(super) next: Option<NodeId>,
}

/// What a State does.
#[derive(Debug)]
pub(super) enum Kind {
    Pass,
    Succeed,
    Fail { error: Option<Template>, cause: Option<Template> },
    Wait(Until),
    Choice { rules: Vec<Rule>, has_default: bool },
    Task(Box<Task>),
    Parallel { branches: Vec<GraphId>, arguments: Option<Template> },
    Map(Box<Map>),
}

/// When a Wait State is done.
#[derive(Debug)]
pub(super) enum Until {
    Seconds(Template),
    Timestamp(Template),
}

/// One way out of a Choice State.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) condition: Template,
    pub(super) leaving: Leaving,
}

#[derive(Debug)]
pub(super) struct Task {
    pub(super) resource: Arc<Resource>,
    pub(super) arguments: Option<Template>,
    pub(super) credentials: Option<Template>,
    pub(super) timeout: Option<Template>,
    pub(super) heartbeat: Option<Template>,
}

#[derive(Debug)]
pub(super) struct Map {
    pub(super) body: GraphId,
    pub(super) items: Option<Template>,
    pub(super) item_selector: Option<Template>,
    pub(super) max_concurrency: Option<Template>,
    pub(super) tolerated_failure_count: Option<Template>,
    pub(super) tolerated_failure_percentage: Option<Template>,
}

#[derive(Debug)]
pub(super) struct Catcher {
    pub(super) error_equals: Vec<Arc<str>>,
    pub(super) leaving: Leaving,
}

impl Node {
    pub(super) fn state_type(&self) -> StateType {
        match self.kind {
            Kind::Pass => StateType::Pass,
            Kind::Succeed => StateType::Succeed,
            Kind::Fail { .. } => StateType::Fail,
            Kind::Wait(_) => StateType::Wait,
            Kind::Choice { .. } => StateType::Choice,
            Kind::Task(_) => StateType::Task,
            Kind::Parallel { .. } => StateType::Parallel,
            Kind::Map(_) => StateType::Map,
        }
    }
}
