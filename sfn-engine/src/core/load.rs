//! From a document to a machine that can run: every name, expression and ARN is resolved here or refused.
//! Separate from the machine because only this file knows both the document's model and the compiled one.

pub(super) mod distributed;
mod fields;

use std::cell::Cell;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sfn_asl::{ProcessorMode, QueryLanguage, ReadError, State, StateMachine};

use fields::{Reader, Results};

use super::machine::{Graph, GraphId, Kind, Leaving, Machine, Map, Node, NodeId, Pass, Task};
use super::{Resource, retry::Policy};
use crate::query::ExpressionError;

/// A document that cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It is no State Machine.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It leads to a State that is not there.
    #[error("`{field}` of {place} names the state `{target}`, which does not exist here")]
    UnknownTarget {
        /// `StartAt`, `Next` or `Default`.
        field: &'static str,
        /// Whose field it is, in words.
        place: String,
        /// The name that was written.
        target: String,
    },
    /// An expression or a Path cannot be read.
    #[error("state `{state}`, field `{field}`: {error}")]
    Expression {
        /// The State's name.
        state: String,
        /// The field, as in `Output/total`.
        field: String,
        /// What is wrong with it.
        error: ExpressionError,
    },
    /// A State does something that this engine does not do.
    #[error("state `{state}` has {feature}, which this engine does not run")]
    Unsupported {
        /// The State's name.
        state: String,
        /// What it is.
        feature: &'static str,
    },
}

impl FromStr for Machine {
    type Err = LoadError;

    fn from_str(text: &str) -> Result<Self, LoadError> {
        Self::load(text.parse()?)
    }
}

impl Machine {
    /// Compiles a document.
    ///
    /// # Errors
    /// What the document names and does not have, and what it uses that this engine does not run. Everything else
    /// that may be wrong with a document is for [`sfn_asl::validate`] to say beforehand.
    pub fn load(definition: StateMachine) -> Result<Self, LoadError> {
        let mut graphs = vec![Graph::default()];
        let language = definition.query_language.unwrap_or_default();
        let mut loader = Loader { graphs: &mut graphs, language, may_take_long: Cell::new(false) };
        let root = loader.graph(&definition, "the state machine")?;
        let may_take_long = loader.may_take_long.get();
        graphs[0] = root;
        let seconds = definition.timeout_seconds.and_then(|seconds| u64::try_from(seconds).ok());
        let timeout = seconds.map(Duration::from_secs);
        Ok(Self { definition, graphs, timeout, may_take_long })
    }
}

struct Loader<'a> {
    graphs: &'a mut Vec<Graph>,
    /// The whole definition's; nested machines inherit it.
    language: QueryLanguage,
    may_take_long: Cell<bool>,
}

impl Loader<'_> {
    fn graph(&mut self, machine: &StateMachine, place: &str) -> Result<Graph, LoadError> {
        let places: Places<'_> =
            machine.states.keys().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let start = target(&places, "StartAt", place, &machine.start_at)?;
        let nodes = machine
            .states
            .iter()
            .map(|(name, state)| self.node(&places, name, state))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Graph { start, nodes })
    }

    /// A Branch or an Item Processor.
    fn nested(&mut self, machine: &StateMachine, state: &str) -> Result<GraphId, LoadError> {
        let id = self.graphs.len();
        self.graphs.push(Graph::default());
        self.graphs[id] = self.graph(machine, &format!("a state machine inside state `{state}`"))?;
        Ok(id)
    }

    fn node(&mut self, places: &Places<'_>, name: &str, state: &State) -> Result<Node, LoadError> {
        let shared = state.shared();
        let language = shared.query_language.unwrap_or(self.language);
        let may_take_long = Cell::new(false);
        let reader = Reader { state: name, places, language, may_take_long: &may_take_long };
        let next = match (state, state.transition()) {
            (State::Choice(choice), _) => reader.next("Default", choice.default.as_deref())?,
            (_, transition) => reader.next("Next", transition.and_then(|it| it.target()))?,
        };
        let leaving = Leaving {
            assign: reader.assign(&shared.assign)?,
            output: reader.output(shared, Results::of(state))?,
            next,
        };
        let mut node = Node {
            name: name.into(),
            language,
            input: reader.selection("InputPath", &shared.input_path)?,
            kind: self.kind(&reader, state)?,
            leaving,
            retry: state.retry().iter().map(Policy::new).collect(),
            catch: state.catch().iter().map(|catcher| reader.catcher(catcher)).collect::<Result<_, _>>()?,
            reads_context: false,
        };
        node.reads_context = node.any_reads_context();
        self.may_take_long.set(self.may_take_long.get() || may_take_long.get());
        Ok(node)
    }

    fn kind(&mut self, reader: &Reader<'_, '_>, state: &State) -> Result<Kind, LoadError> {
        Ok(match state {
            State::Pass(pass) => Kind::Pass(match (&pass.result, &pass.parameters) {
                (Some(result), _) => Pass::Result(result.clone()),
                (None, Some(parameters)) => Pass::Parameters(reader.template("Parameters", parameters)?),
                (None, None) => Pass::Input,
            }),
            State::Succeed(_) => Kind::Succeed,
            State::Fail(fail) => Kind::Fail {
                error: reader.text("Error", fail.error.as_ref())?,
                cause: reader.text("Cause", fail.cause.as_ref())?,
            },
            State::Wait(wait) => Kind::Wait(reader.until(&wait.until)?),
            State::Choice(choice) => Kind::Choice {
                rules: choice
                    .choices
                    .iter()
                    .map(|rule| reader.rule(rule, &choice.shared))
                    .collect::<Result<_, _>>()?,
                has_default: choice.default.is_some(),
            },
            State::Task(task) => Kind::Task(Box::new(Task {
                resource: Arc::new(Resource::new(&task.resource)),
                arguments: reader.arguments(task.arguments.as_ref(), task.parameters.as_ref())?,
                credentials: reader.optional("Credentials", task.credentials.as_ref())?,
                timeout: reader.operand("TimeoutSeconds", task.timeout_seconds.as_ref())?,
                heartbeat: reader.operand("HeartbeatSeconds", task.heartbeat_seconds.as_ref())?,
            })),
            State::Parallel(parallel) => Kind::Parallel {
                branches: parallel
                    .branches
                    .iter()
                    .map(|branch| self.nested(branch, reader.state))
                    .collect::<Result<_, _>>()?,
                arguments: reader.arguments(parallel.arguments.as_ref(), parallel.parameters.as_ref())?,
            },
            State::Map(map) => {
                let is_distributed = map.item_processor.mode() == ProcessorMode::Distributed;
                if !is_distributed && (map.item_reader.is_some() || map.item_batcher.is_some()) {
                    return Err(reader.unsupported("an ItemReader or ItemBatcher in an inline Map"));
                }
                let distributed =
                    is_distributed.then(|| reader.distributed(map).map(Box::new)).transpose()?;
                Kind::Map(Box::new(Map {
                    body: self.nested(&map.item_processor.machine, reader.state)?,
                    items: reader.items(map)?,
                    item_selector: match &map.item_selector {
                        Some(selector) => Some(reader.template("ItemSelector", selector)?),
                        None => reader.optional("Parameters", map.parameters.as_ref())?,
                    },
                    max_concurrency: reader.operand("MaxConcurrency", map.max_concurrency.as_ref())?,
                    tolerated_failure_count: reader
                        .operand("ToleratedFailureCount", map.tolerated_failure_count.as_ref())?,
                    tolerated_failure_percentage: reader
                        .operand("ToleratedFailurePercentage", map.tolerated_failure_percentage.as_ref())?,
                    distributed,
                }))
            }
        })
    }
}

type Places<'a> = HashMap<&'a str, NodeId>;

fn target(places: &Places<'_>, field: &'static str, place: &str, name: &str) -> Result<NodeId, LoadError> {
    places.get(name).copied().ok_or_else(|| LoadError::UnknownTarget {
        field,
        place: place.to_owned(),
        target: name.to_owned(),
    })
}

fn names(error_equals: &[String]) -> Vec<Arc<str>> {
    error_equals.iter().map(|name| name.as_str().into()).collect()
}
