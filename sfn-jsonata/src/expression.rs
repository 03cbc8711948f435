//! An expression: parsed once, evaluated as often as wanted, from any thread.
//! Separate because it is the whole public face of parser and evaluator.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use crate::environment::{Bindings, Environment};
use crate::error::{EvaluateError, ParseError};
use crate::evaluate;
use crate::syntax::{self, Finding, Program, Reference, ValueKind};
use crate::value::Value;

/// A parsed JSONata expression, without the `{%` and `%}` around it. Clone is cheap.
///
/// ```
/// use sfn_jsonata::{Bindings, Environment, Expression, Value};
///
/// let expression: Expression = "$uppercase(name)".parse()?;
/// let input = Value::from_iter([("name", Value::from("ann"))]);
/// let result = expression.evaluate(&input, &Bindings::new(), &Environment::default()).unwrap();
/// assert_eq!(result, Some(Value::from("ANN")));
/// # Ok::<(), sfn_jsonata::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    program: Arc<Program>,
}

impl Expression {
    /// The text it was parsed from.
    ///
    /// ```
    /// let expression: sfn_jsonata::Expression = "1 + 1".parse()?;
    /// assert_eq!(expression.source(), "1 + 1");
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Evaluates with `input` as `$` and `$$`; without an input (`None`) both are undefined, as in the service, which
    /// binds variables only. The result `None` is undefined too: the expression found nothing.
    ///
    /// ```
    /// use sfn_jsonata::{Bindings, Environment, Expression, Value};
    ///
    /// let expression: Expression = "$states.input.missing".parse()?;
    /// let bindings = Bindings::from_iter([("states", Value::empty_object())]);
    /// assert_eq!(expression.evaluate(None, &bindings, &Environment::default()), Ok(None));
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// An [`EvaluateError`] when the expression itself fails, when a limit of the environment is crossed, and when
    /// the result is a function.
    pub fn evaluate<'i>(
        &self,
        input: impl Into<Option<&'i Value>>,
        bindings: &Bindings,
        environment: &Environment,
    ) -> Result<Option<Value>, EvaluateError> {
        evaluate::run(&self.program, input.into(), bindings, environment).map_err(EvaluateError::from)
    }

    /// The variables and functions it uses and does not bind itself, in the order of the source.
    ///
    /// ```
    /// use sfn_jsonata::{Expression, ReferenceKind};
    ///
    /// let expression: Expression = "$sum($states.input.lines.price) + ($x := 1; $x)".parse()?;
    /// let references = expression.references();
    /// assert_eq!(references.len(), 2);
    /// assert_eq!((&*references[0].name, references[0].kind), ("sum", ReferenceKind::Function));
    /// assert_eq!(&*references[1].name, "states");
    /// assert_eq!(references[1].fields.join("."), "input.lines.price");
    /// assert_eq!(&expression.source()[references[1].span.clone()], "$states.input.lines.price");
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    pub fn references(&self) -> Vec<Reference> {
        syntax::references(&self.program)
    }

    /// What fails or has one outcome only, whatever the values are.
    ///
    /// ```
    /// use sfn_jsonata::{Expression, FindingKind};
    ///
    /// let expression: Expression = "$sum() + 1".parse()?;
    /// let found = &expression.findings()[0];
    /// assert_eq!(&expression.source()[found.span.clone()], "$sum()");
    /// assert_eq!(found.kind, FindingKind::Arity { function: "sum", found: 0, least: 1, most: 1 });
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    pub fn findings(&self) -> Vec<Finding> {
        syntax::findings(&self.program)
    }

    /// The part because of which the result is an array when it has several elements, and no array when it has one.
    ///
    /// ```
    /// use sfn_jsonata::Expression;
    ///
    /// assert_eq!("lines[price > 9]".parse::<Expression>()?.unwrapped(), Some(0..16));
    /// assert_eq!("[lines[price > 9]]".parse::<Expression>()?.unwrapped(), None);
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    pub fn unwrapped(&self) -> Option<Range<usize>> {
        syntax::unwrapped(&self.program)
    }

    /// The kinds of values that may come out, as far as that can be told without any values.
    ///
    /// ```
    /// use sfn_jsonata::{Expression, ValueKind};
    ///
    /// assert!("$count(lines)".parse::<Expression>()?.results().eq([ValueKind::Number]));
    /// assert_eq!("lines".parse::<Expression>()?.results().count(), 7);
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    pub fn results(&self) -> impl Iterator<Item = ValueKind> + Clone + use<> {
        syntax::results(&self.program)
    }

    /// Whether the time it takes may be out of proportion to its own length and that of its input: it defines a
    /// function or passes one on, makes a range, searches for a regular expression, sorts, or walks inside a walk.
    ///
    /// ```
    /// use sfn_jsonata::Expression;
    ///
    /// assert!(!"$sum(lines.(price * quantity)) + 1".parse::<Expression>()?.may_take_long());
    /// assert!("($f := function() { $f() }; $f())".parse::<Expression>()?.may_take_long());
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    pub fn may_take_long(&self) -> bool {
        syntax::may_take_long(&self.program)
    }

    /// Whether a name (without `$`) is a function of the library, the service's own included.
    ///
    /// ```
    /// assert!(sfn_jsonata::Expression::is_builtin("uuid"));
    /// assert!(!sfn_jsonata::Expression::is_builtin("eval"));
    /// ```
    pub fn is_builtin(name: &str) -> bool {
        crate::builtin::find(name).is_some()
    }

    /// The names (without `$`) of all functions of the library, the service's own included.
    ///
    /// ```
    /// assert!(sfn_jsonata::Expression::builtins().any(|name| name == "partition"));
    /// ```
    pub fn builtins() -> impl Iterator<Item = &'static str> {
        crate::builtin::names()
    }
}

impl FromStr for Expression {
    type Err = ParseError;

    fn from_str(source: &str) -> Result<Self, ParseError> {
        Ok(Self { source: source.into(), program: Arc::new(syntax::parse(source)?) })
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Expression").field(&self.source).finish()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Expression {}
