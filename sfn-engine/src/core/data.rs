//! What a State's fields make of its data: parts that are selected, places where results go, numbers and texts that
//! come in several spellings.
//! Separate from the State types because these fields mean the same in all of them.

use sfn_asl::Value;

use crate::query::jsonpath::{Path, ReferencePath};
use crate::query::{Expected, QueryFault, Scope, Template};

/// `InputPath`, `OutputPath`: which part of the data goes on.
#[derive(Debug)]
pub(super) enum Selection {
    /// All of it: the field is absent or `$`.
    Whole,
    /// None of it, an empty object: the field is null.
    Nothing,
    Part(Path),
}

impl Selection {
    /// The part of what `$` is in the scope.
    pub(super) fn of(&self, scope: &Scope) -> Result<Value, QueryFault> {
        match self {
            Self::Whole => Ok(scope.root().clone()),
            Self::Nothing => Ok(Value::empty_object()),
            Self::Part(path) => path.evaluate(scope),
        }
    }

    pub(super) fn reads_context(&self) -> bool {
        match self {
            Self::Whole | Self::Nothing => false,
            Self::Part(path) => path.reads_context(),
        }
    }

    /// The Path as the service shows it: one into the Context Object without its second dollar.
    pub(super) fn shown(&self) -> &str {
        match self {
            Self::Whole | Self::Nothing => "$",
            Self::Part(path) => {
                path.source().strip_prefix('$').filter(|it| it.starts_with('$')).unwrap_or(path.source())
            }
        }
    }
}

/// `ResultPath`: where in a State's input its result goes.
#[derive(Debug)]
pub(super) enum Destination {
    /// In place of it: the field is absent or `$`.
    Whole,
    /// Nowhere: the field is null.
    Nowhere,
    At(ReferencePath),
}

impl Destination {
    pub(super) fn put(&self, input: &Value, result: Value) -> Result<Value, QueryFault> {
        match self {
            Self::Whole => Ok(result),
            Self::Nowhere => Ok(input.clone()),
            Self::At(path) => path.put(input, result),
        }
    }
}

/// A field that is a literal, a JSONata string or, under its `...Path` name, a Path.
#[derive(Debug)]
pub(super) enum Operand {
    Template(Template),
    Path(Path),
}

impl Operand {
    pub(super) fn reads_context(&self) -> bool {
        match self {
            Self::Template(template) => template.reads_context(),
            Self::Path(path) => path.reads_context(),
        }
    }

    /// `TimeoutSeconds`, `HeartbeatSeconds`: a number above zero.
    pub(super) fn positive_seconds(&self, path_field: &str, scope: &Scope) -> Result<i64, QueryFault> {
        let positive = |value: &Value| value.as_i64().filter(|seconds| *seconds > 0);
        match self {
            Self::Template(template) => template.evaluate_as(Expected::Number, scope, positive),
            Self::Path(path) => {
                let found = referenced(path_field, path, scope)?;
                positive(&found).ok_or_else(|| {
                    QueryFault::runtime(format!(
                        "The {path_field} parameter cannot be parsed as a positive long value: {} == {found}",
                        path.source()
                    ))
                })
            }
        }
    }

    /// A number that a Map State goes by. A text that is a number counts as one when a Path leads to it.
    pub(super) fn number(
        &self,
        path_field: &str,
        kind: NumberKind,
        scope: &Scope,
    ) -> Result<f64, QueryFault> {
        let path = match self {
            Self::Template(template) => {
                return template.evaluate_as(Expected::Number, scope, |value| kind.of(value.as_f64()?));
            }
            Self::Path(path) => path,
        };
        let found = path.evaluate(scope)?;
        let number = found.as_f64().or_else(|| found.as_str()?.parse().ok());
        number.and_then(|number| kind.of(number)).ok_or_else(|| {
            let shown = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
            QueryFault::runtime(format!(
                "The {path_field} field refers to value \"{shown}\" which is not a valid {}: {}",
                kind.name(),
                path.source()
            ))
        })
    }
}

/// What a Path leads to that a field of times refers to.
pub(super) fn referenced(field: &str, path: &Path, scope: &Scope) -> Result<Value, QueryFault> {
    path.evaluate(scope).map_err(|_| {
        let source = path.source();
        QueryFault::runtime(format!("The {field} parameter does not reference an input value: {source}"))
    })
}

/// What numbers a field takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum NumberKind {
    Integer,
    Float,
}

impl NumberKind {
    fn of(self, number: f64) -> Option<f64> {
        let fits = match self {
            Self::Integer => number.fract() == 0.0,
            Self::Float => number.is_finite(),
        };
        fits.then_some(number)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Float => "float",
        }
    }
}
