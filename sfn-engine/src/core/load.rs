//! From a document to a machine that can run: every name, expression and ARN is resolved here or refused.
//! Separate from the machine because only this file knows both the document's model and the compiled one.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sfn_asl::{
    ChoiceRule, Fields, Operand, ProcessorMode, QueryLanguage, ReadError, RuleTest, State, StateMachine,
    Value, WaitUntil,
};
use sfn_jsonata::ParseError;

use super::machine::{Catcher, Graph, GraphId, Kind, Leaving, Machine, Map, Node, NodeId, Rule, Task, Until};
use super::{Resource, retry::Policy};
use crate::query::{Template, jsonata};

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
    /// An expression cannot be read.
    #[error("state `{state}`, field `{field}`: {error}")]
    Expression {
        /// The State's name.
        state: String,
        /// The field, as in `Output/total`.
        field: String,
        /// What is wrong with it.
        error: ParseError,
    },
    /// A State is written in JSONPath.
    #[error(
        "state `{state}` uses JSONPath, which this engine does not run: add `\"QueryLanguage\": \"JSONata\"` and write it in JSONata"
    )]
    JsonPath {
        /// The State's name.
        state: String,
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
        let root = Loader { graphs: &mut graphs, language }.graph(&definition, "the state machine")?;
        graphs[0] = root;
        let seconds = definition.timeout_seconds.and_then(|seconds| u64::try_from(seconds).ok());
        Ok(Self { definition, graphs, timeout: seconds.map(Duration::from_secs) })
    }
}

struct Loader<'a> {
    graphs: &'a mut Vec<Graph>,
    /// The whole definition's; nested machines inherit it.
    language: QueryLanguage,
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
        if shared.query_language.unwrap_or(self.language) == QueryLanguage::JsonPath {
            return Err(LoadError::JsonPath { state: name.to_owned() });
        }
        let reader = Reader { state: name, places };
        let next = match (state, state.transition()) {
            (State::Choice(choice), _) => reader.next("Default", choice.default.as_deref())?,
            (_, transition) => reader.next("Next", transition.and_then(|it| it.target()))?,
        };
        let kind = self.kind(&reader, state)?;
        let leaving = reader.leaving(&shared.assign, shared.output.as_ref(), next)?;
        let catch = state.catch().iter().map(|catcher| {
            let next = reader.next("Next", Some(&catcher.next))?;
            let leaving = reader.leaving(&catcher.assign, catcher.output.as_ref(), next)?;
            Ok(Catcher { error_equals: names(&catcher.error_equals), leaving })
        });
        let catch = catch.collect::<Result<Vec<_>, LoadError>>()?;
        let mut node = Node {
            name: name.into(),
            kind,
            leaving,
            retry: state.retry().iter().map(Policy::new).collect(),
            catch,
            reads_context: false,
        };
        let reads_context = node.templates().any(Template::reads_context);
        node.reads_context = reads_context;
        Ok(node)
    }

    fn kind(&mut self, reader: &Reader<'_, '_>, state: &State) -> Result<Kind, LoadError> {
        Ok(match state {
            State::Pass(_) => Kind::Pass,
            State::Succeed(_) => Kind::Succeed,
            State::Fail(fail) => Kind::Fail {
                error: reader.operand("Error", fail.error.as_ref())?,
                cause: reader.operand("Cause", fail.cause.as_ref())?,
            },
            State::Wait(wait) => Kind::Wait(reader.until(&wait.until)?),
            State::Choice(choice) => Kind::Choice {
                rules: choice.choices.iter().map(|rule| reader.rule(rule)).collect::<Result<_, _>>()?,
                has_default: choice.default.is_some(),
            },
            State::Task(task) => Kind::Task(Box::new(Task {
                resource: Arc::new(Resource::new(&task.resource)),
                arguments: reader.optional("Arguments", task.arguments.as_ref())?,
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
                arguments: reader.optional("Arguments", parallel.arguments.as_ref())?,
            },
            State::Map(map) => {
                let distributed = map.item_processor.mode() == ProcessorMode::Distributed;
                if distributed || map.item_reader.is_some() || map.item_batcher.is_some() {
                    return Err(reader.unsupported("a distributed Map"));
                }
                Kind::Map(Box::new(Map {
                    body: self.nested(&map.item_processor.machine, reader.state)?,
                    items: reader.optional("Items", map.items.as_ref())?,
                    item_selector: reader.optional("ItemSelector", map.item_selector.as_ref())?,
                    max_concurrency: reader.operand("MaxConcurrency", map.max_concurrency.as_ref())?,
                    tolerated_failure_count: reader
                        .operand("ToleratedFailureCount", map.tolerated_failure_count.as_ref())?,
                    tolerated_failure_percentage: reader
                        .operand("ToleratedFailurePercentage", map.tolerated_failure_percentage.as_ref())?,
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

/// Reads the fields of one State.
struct Reader<'a, 'p> {
    state: &'a str,
    places: &'a Places<'p>,
}

impl Reader<'_, '_> {
    fn next(&self, field: &'static str, name: Option<&str>) -> Result<Option<NodeId>, LoadError> {
        name.map(|name| target(self.places, field, &format!("state `{}`", self.state), name)).transpose()
    }

    fn leaving(
        &self,
        assign: &Fields,
        output: Option<&Value>,
        next: Option<NodeId>,
    ) -> Result<Leaving, LoadError> {
        let assign = assign.iter().map(|(name, value)| {
            Ok((Arc::from(name.as_str()), self.template(&format!("Assign/{name}"), value)?))
        });
        Ok(Leaving {
            assign: assign.collect::<Result<_, LoadError>>()?,
            output: self.optional("Output", output)?,
            next,
        })
    }

    fn rule(&self, rule: &ChoiceRule) -> Result<Rule, LoadError> {
        let RuleTest::Condition(condition) = &rule.test else {
            return Err(LoadError::JsonPath { state: self.state.to_owned() });
        };
        let next = self.next("Next", Some(&rule.next))?;
        Ok(Rule {
            condition: self.template("Condition", condition)?,
            leaving: self.leaving(&rule.assign, rule.output.as_ref(), next)?,
        })
    }

    fn until(&self, until: &WaitUntil) -> Result<Until, LoadError> {
        Ok(match until {
            WaitUntil::Seconds(seconds) => Until::Seconds(self.operand_value("Seconds", seconds)?),
            WaitUntil::Timestamp(timestamp) => Until::Timestamp(self.operand_value("Timestamp", timestamp)?),
        })
    }

    fn operand<T: Clone + Into<Value>>(
        &self,
        field: &str,
        operand: Option<&Operand<T>>,
    ) -> Result<Option<Template>, LoadError> {
        operand.map(|operand| self.operand_value(field, operand)).transpose()
    }

    fn operand_value<T: Clone + Into<Value>>(
        &self,
        field: &str,
        operand: &Operand<T>,
    ) -> Result<Template, LoadError> {
        match operand {
            Operand::Literal(value) => Ok(Template::Literal(value.clone().into())),
            Operand::Expression(text) => self.template(field, &Value::from(text.as_str())),
            Operand::Path(_) => Err(LoadError::JsonPath { state: self.state.to_owned() }),
        }
    }

    fn optional(&self, field: &str, payload: Option<&Value>) -> Result<Option<Template>, LoadError> {
        payload.map(|payload| self.template(field, payload)).transpose()
    }

    fn template(&self, field: &str, payload: &Value) -> Result<Template, LoadError> {
        jsonata::template(payload, field).map_err(|unreadable| LoadError::Expression {
            state: self.state.to_owned(),
            field: unreadable.field,
            error: unreadable.error,
        })
    }

    fn unsupported(&self, feature: &'static str) -> LoadError {
        LoadError::Unsupported { state: self.state.to_owned(), feature }
    }
}

impl Leaving {
    fn templates(&self) -> impl Iterator<Item = &Template> {
        self.assign.iter().map(|(_, template)| template).chain(&self.output)
    }
}

impl Node {
    /// Every template of the State, those of its Rules and Catchers included.
    fn templates(&self) -> impl Iterator<Item = &Template> {
        let own: Vec<&Template> = match &self.kind {
            Kind::Pass | Kind::Succeed => Vec::new(),
            Kind::Fail { error, cause } => error.iter().chain(cause).collect(),
            Kind::Wait(Until::Seconds(template) | Until::Timestamp(template)) => vec![template],
            Kind::Choice { rules, .. } => {
                rules.iter().flat_map(|rule| rule.leaving.templates().chain([&rule.condition])).collect()
            }
            Kind::Task(task) => [&task.arguments, &task.credentials, &task.timeout, &task.heartbeat]
                .into_iter()
                .flatten()
                .collect(),
            Kind::Parallel { arguments, .. } => arguments.iter().collect(),
            Kind::Map(map) => [
                &map.items,
                &map.item_selector,
                &map.max_concurrency,
                &map.tolerated_failure_count,
                &map.tolerated_failure_percentage,
            ]
            .into_iter()
            .flatten()
            .collect(),
        };
        let caught = self.catch.iter().flat_map(|catcher| catcher.leaving.templates());
        own.into_iter().chain(self.leaving.templates()).chain(caught)
    }
}
