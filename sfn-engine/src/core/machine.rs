//! A State Machine ready to run: names resolved to places, expressions compiled, ARNs taken apart.
//! Separate from the document so that no execution ever looks a name up or parses a string.

mod distributed;

pub(super) use distributed::{Distributed, ItemBatcher, ItemReader, ResultWriter};

use std::sync::Arc;
use std::time::Duration;

use sfn_asl::{QueryLanguage, StateMachine, Value};

use super::Resource;
use super::data::{Destination, Operand, Selection};
use super::retry::Policy;
use super::step::DataTest;
use crate::history::StateType;
use crate::query::Template;

/// A State Machine, compiled once and run by any number of executions.
///
/// ```
/// use sfn_engine::core::Machine;
///
/// let error = r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" } } }"#.parse::<Machine>().unwrap_err();
/// assert_eq!(error.to_string(), "`Next` of state `A` names the state `B`, which does not exist here");
/// ```
#[derive(Debug)]
pub struct Machine {
    pub(super) definition: StateMachine,
    /// The machine itself first, then Branches and Item Processors.
    pub(super) graphs: Vec<Graph>,
    pub(super) timeout: Option<Duration>,
    /// Whether some of its expressions may take more time than others should wait.
    pub(super) may_take_long: bool,
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
    pub(super) language: QueryLanguage,
    /// Which part of its input it works on; all of it in JSONata.
    pub(super) input: Selection,
    pub(super) kind: Kind,
    /// What it leaves behind when it succeeds.
    pub(super) leaving: Leaving,
    pub(super) retry: Vec<Policy>,
    pub(super) catch: Vec<Catcher>,
    /// Whether any of its expressions may look at the Context Object.
    pub(super) reads_context: bool,
}

/// What a State, a Choice Rule or a Catcher does to the data as it is left, and where it goes.
#[derive(Debug)]
pub(super) struct Leaving {
    pub(super) assign: Vec<(Arc<str>, Template)>,
    pub(super) output: Output,
    /// The State that follows; none at the end of the graph.
    pub(super) next: Option<NodeId>,
}

/// What becomes of a result.
#[derive(Debug)]
pub(super) enum Output {
    /// It goes on as it is: there are no fields that say otherwise.
    Result,
    /// JSONata's `Output` takes its place.
    Template(Template),
    /// JSONPath's fields shape it, in this order.
    Paths(Box<Paths>),
}

/// JSONPath's `ResultSelector`, `ResultPath` and `OutputPath`.
#[derive(Debug)]
pub(super) struct Paths {
    pub(super) selector: Option<Template>,
    pub(super) destination: Destination,
    pub(super) output: Selection,
}

/// What a State does.
#[derive(Debug)]
pub(super) enum Kind {
    Pass(Pass),
    Succeed,
    Fail { error: Option<Template>, cause: Option<Template> },
    Wait(Until),
    Choice { rules: Vec<Rule>, has_default: bool },
    Task(Box<Task>),
    Parallel { branches: Vec<GraphId>, arguments: Option<Template> },
    Map(Box<Map>),
}

/// What a Pass State makes of its input.
#[derive(Debug)]
pub(super) enum Pass {
    /// Nothing.
    Input,
    /// JSONPath's `Result` takes its place.
    Result(Value),
    /// JSONPath's `Parameters` do.
    Parameters(Template),
}

/// When a Wait State is done.
#[derive(Debug)]
pub(super) enum Until {
    Seconds(Operand),
    Timestamp(Operand),
}

/// One way out of a Choice State.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) test: Test,
    pub(super) leaving: Leaving,
}

/// What a Choice Rule tests.
#[derive(Debug)]
pub(super) enum Test {
    /// JSONata's `Condition`.
    Condition(Template),
    /// JSONPath's comparisons.
    Data(DataTest),
}

#[derive(Debug)]
pub(super) struct Task {
    pub(super) resource: Arc<Resource>,
    pub(super) arguments: Option<Template>,
    pub(super) credentials: Option<Template>,
    pub(super) timeout: Option<Operand>,
    pub(super) heartbeat: Option<Operand>,
}

#[derive(Debug)]
pub(super) struct Map {
    pub(super) body: GraphId,
    pub(super) items: Items,
    pub(super) item_selector: Option<Template>,
    pub(super) max_concurrency: Option<Operand>,
    pub(super) tolerated_failure_count: Option<Operand>,
    pub(super) tolerated_failure_percentage: Option<Operand>,
    /// In a distributed Map: what an inline one does not have.
    pub(super) distributed: Option<Box<Distributed>>,
}

/// Where a Map State's items come from.
#[derive(Debug)]
pub(super) enum Items {
    /// JSONata: its input.
    Input,
    /// JSONata's `Items`.
    Template(Template),
    /// JSONPath's `ItemsPath`.
    Path(Selection),
}

#[derive(Debug)]
pub(super) struct Catcher {
    pub(super) error_equals: Vec<Arc<str>>,
    pub(super) leaving: Leaving,
}

impl Node {
    pub(super) fn state_type(&self) -> StateType {
        match self.kind {
            Kind::Pass(_) => StateType::Pass,
            Kind::Succeed => StateType::Succeed,
            Kind::Fail { .. } => StateType::Fail,
            Kind::Wait(_) => StateType::Wait,
            Kind::Choice { .. } => StateType::Choice,
            Kind::Task(_) => StateType::Task,
            Kind::Parallel { .. } => StateType::Parallel,
            Kind::Map(_) => StateType::Map,
        }
    }

    /// Whether any of its expressions may look at the Context Object.
    pub(super) fn any_reads_context(&self) -> bool {
        let template = |template: &Option<Template>| template.as_ref().is_some_and(Template::reads_context);
        let operand = |operand: &Option<Operand>| operand.as_ref().is_some_and(Operand::reads_context);
        let own = match &self.kind {
            Kind::Pass(Pass::Parameters(parameters)) => parameters.reads_context(),
            Kind::Pass(Pass::Input | Pass::Result(_)) | Kind::Succeed => false,
            Kind::Fail { error, cause } => template(error) || template(cause),
            Kind::Wait(Until::Seconds(until) | Until::Timestamp(until)) => until.reads_context(),
            Kind::Choice { rules, .. } => rules.iter().any(|rule| {
                rule.leaving.reads_context()
                    || match &rule.test {
                        Test::Condition(condition) => condition.reads_context(),
                        Test::Data(test) => test.reads_context(),
                    }
            }),
            Kind::Task(task) => {
                template(&task.arguments)
                    || template(&task.credentials)
                    || operand(&task.timeout)
                    || operand(&task.heartbeat)
            }
            Kind::Parallel { arguments, .. } => template(arguments),
            Kind::Map(map) => {
                map.items.reads_context()
                    || template(&map.item_selector)
                    || operand(&map.max_concurrency)
                    || operand(&map.tolerated_failure_count)
                    || operand(&map.tolerated_failure_percentage)
                    || map.distributed.as_ref().is_some_and(|distributed| distributed.reads_context())
            }
        };
        own || self.input.reads_context()
            || self.leaving.reads_context()
            || self.catch.iter().any(|catcher| catcher.leaving.reads_context())
    }
}

impl Leaving {
    fn reads_context(&self) -> bool {
        self.assign.iter().any(|(_, template)| template.reads_context())
            || match &self.output {
                Output::Result => false,
                Output::Template(template) => template.reads_context(),
                Output::Paths(paths) => {
                    paths.output.reads_context()
                        || paths.selector.as_ref().is_some_and(Template::reads_context)
                }
            }
    }
}

impl Items {
    fn reads_context(&self) -> bool {
        match self {
            Self::Input => false,
            Self::Template(template) => template.reads_context(),
            Self::Path(selection) => selection.reads_context(),
        }
    }
}
