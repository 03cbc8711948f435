//! What a State's expressions are: compiled templates, and what they can see when they are evaluated.
//! Separate from the core so that a query language is one module here and nothing in the core knows which it runs.

pub(crate) mod jsonata;
pub(crate) mod jsonpath;

use std::cell::Cell;
use std::sync::{Arc, LazyLock};

use sfn_asl::Value;
use sfn_jsonata::{Bindings, Environment, Limits, Object};

use crate::Timestamp;
use crate::core::Random;

/// A payload with expressions in it, compiled.
#[derive(Debug)]
pub(crate) enum Template {
    /// No expression anywhere inside: the value itself, shared.
    Literal(Value),
    Expression(jsonata::Expression),
    JsonPath(jsonpath::Expression),
    Object(Vec<(Arc<str>, Template)>),
    Array(Vec<Template>),
}

/// A field that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// The field, as in `Output/total`.
    pub(crate) field: String,
    pub(crate) error: ExpressionError,
}

/// What is wrong with an expression or a Path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// It is no JSONata.
    #[error(transparent)]
    Jsonata(#[from] sfn_jsonata::ParseError),
    /// It is no Path.
    #[error(transparent)]
    Path(#[from] sfn_asl::path::PathError),
    /// It is no call of an Intrinsic Function.
    #[error(transparent)]
    Intrinsic(#[from] sfn_asl::intrinsic::CallError),
}

/// Why an evaluation failed, in the service's words but without the State's name in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryFault {
    /// The Error Name.
    pub(crate) error: &'static str,
    /// The field whose expression failed, where the service names it.
    pub(crate) location: Option<Arc<str>>,
    pub(crate) message: String,
}

impl QueryFault {
    /// The Error Name of a failed JSONata evaluation.
    pub(crate) const EVALUATION: &'static str = "States.QueryEvaluationError";
    /// The Error Name of what nobody may handle.
    pub(crate) const RUNTIME: &'static str = "States.Runtime";

    /// A fault of a State that speaks JSONPath: its data is not as its definition says.
    pub(crate) fn runtime(message: impl Into<String>) -> Self {
        Self { error: Self::RUNTIME, location: None, message: message.into() }
    }
}

/// What expressions see: the Variables, the time, a source of randomness, and what their language begins with.
pub(crate) struct Scope {
    /// The Variables; for JSONata with `$states` among them.
    bindings: Bindings,
    /// For JSONPath, what `$` is and what `$$` is.
    root: Value,
    context: Value,
    now: Timestamp,
    random: Cell<Random>,
}

/// The name of the Variable that holds everything else, made once.
static STATES: LazyLock<Arc<str>> = LazyLock::new(|| "states".into());

impl Scope {
    /// What JSONata sees: everything that is not a Variable is a field of `$states`.
    pub(crate) fn jsonata(variables: &Arc<Bindings>, states: Value, now: Timestamp, random: Random) -> Self {
        let mut bindings = Bindings::child_of(Arc::clone(variables));
        bindings.insert(Arc::clone(&STATES), states);
        Self { bindings, root: Value::Null, context: Value::Null, now, random: Cell::new(random) }
    }

    /// What JSONPath sees: `$` is `root`, `$$` is the Context Object. A Context Object that no Path of the State reads
    /// may be null.
    pub(crate) fn jsonpath(
        variables: &Arc<Bindings>,
        root: Value,
        context: Value,
        now: Timestamp,
        random: Random,
    ) -> Self {
        let bindings = Bindings::child_of(Arc::clone(variables));
        Self { bindings, root, context, now, random: Cell::new(random) }
    }

    /// `$` of a Path.
    pub(crate) fn root(&self) -> &Value {
        &self.root
    }

    /// `$$` of a Path.
    pub(crate) fn context(&self) -> &Value {
        &self.context
    }

    /// The Variable of that name.
    pub(crate) fn variable(&self, name: &str) -> Option<&Value> {
        self.bindings.get(name)
    }

    /// A random number, for Intrinsic Functions.
    pub(crate) fn random(&self) -> u64 {
        let mut random = self.random.get();
        let drawn = random.next_u64();
        self.random.set(random);
        drawn
    }

    fn environment(&self) -> Environment {
        Environment { now_millis: self.now.as_millis(), random_seed: self.random(), limits: limits() }
    }
}

/// What one expression may consume; the service gives it a second.
fn limits() -> Limits {
    Limits { steps: 3_000_000, sequence: 1_000_000, ..Limits::default() }
}

impl Template {
    pub(crate) fn evaluate(&self, scope: &Scope) -> Result<Value, QueryFault> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Expression(expression) => expression.evaluate(scope),
            Self::JsonPath(expression) => expression.evaluate(scope),
            Self::Object(fields) => {
                let mut object = Object::with_capacity(fields.len());
                for (name, template) in fields {
                    object.insert(Arc::clone(name), template.evaluate(scope)?);
                }
                Ok(Value::from(object))
            }
            Self::Array(items) => items.iter().map(|template| template.evaluate(scope)).collect(),
        }
    }

    /// Evaluates and insists on a kind of result. A literal of another kind was let through by the definition and
    /// is reported by the value alone.
    pub(crate) fn evaluate_as<T>(
        &self,
        expected: Expected,
        scope: &Scope,
        convert: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, QueryFault> {
        let value = self.evaluate(scope)?;
        convert(&value).ok_or_else(|| match self {
            Self::Expression(expression) => expression.unexpected(expected, &value),
            other => {
                let speaks_jsonpath = matches!(other, Self::JsonPath(_));
                let error = if speaks_jsonpath { QueryFault::RUNTIME } else { QueryFault::EVALUATION };
                let message = format!("Expected '{}', but was: {value}", expected.name());
                QueryFault { error, location: None, message }
            }
        })
    }

    /// Whether evaluating it may take more time than others should wait.
    pub(crate) fn may_take_long(&self) -> bool {
        match self {
            Self::Literal(_) | Self::JsonPath(_) => false,
            Self::Expression(expression) => expression.may_take_long(),
            Self::Object(fields) => fields.iter().any(|(_, template)| template.may_take_long()),
            Self::Array(items) => items.iter().any(Self::may_take_long),
        }
    }

    /// Whether an expression inside may look at the Context Object.
    pub(crate) fn reads_context(&self) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Expression(expression) => expression.reads_context(),
            Self::JsonPath(expression) => expression.reads_context(),
            Self::Object(fields) => fields.iter().any(|(_, template)| template.reads_context()),
            Self::Array(items) => items.iter().any(Self::reads_context),
        }
    }
}

/// The kinds of result a field can insist on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected {
    Array,
    Boolean,
    Number,
    String,
}

impl Expected {
    const fn name(self) -> &'static str {
        match self {
            Self::Array => "array",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
        }
    }
}

/// The service's word for the kind of a value.
fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
