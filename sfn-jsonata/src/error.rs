//! What goes wrong while reading and while evaluating an expression.
//! Separate so that callers can hold the errors without knowing parser or evaluator.

use std::ops::Range;

use crate::syntax::Span;

/// An expression that cannot be read.
///
/// ```
/// use sfn_jsonata::Expression;
///
/// let error = "$states.input. ".parse::<Expression>().unwrap_err();
/// assert_eq!(error.code, "S0207");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ParseError {
    /// The code of the language's reference implementation (`S0201` ..); `S0303` (a regular expression that is
    /// not valid) and `S0900` (too deeply nested) are ours.
    pub code: &'static str,
    /// What was found and what was expected.
    pub message: String,
    /// The guilty bytes of the source.
    pub span: Range<usize>,
}

impl ParseError {
    pub(crate) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: span.into() }
    }
}

/// An expression that could be read but whose evaluation failed.
///
/// Messages are worded as the service words them, because it shows them in an execution's cause.
///
/// ```
/// use sfn_jsonata::{Bindings, Environment, Expression, Value};
///
/// let expression: Expression = r#"1 + "a""#.parse()?;
/// let error = expression.evaluate(&Value::Null, &Bindings::new(), &Environment::default()).unwrap_err();
/// assert_eq!(error.to_string(), r#"T2002: The right side of the "+" operator must evaluate to a number"#);
/// assert_eq!(error.span, Some(0..7));
/// # Ok::<(), sfn_jsonata::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct EvaluateError {
    /// The code of the language's reference implementation (`T2001`, `D3030` ..); `U1001` is a limit that was hit,
    /// [`EvaluateError::UNSUPPORTED_RESULT`] a result that is no JSON.
    pub code: &'static str,
    /// What went wrong.
    pub message: String,
    /// The bytes of the source that were being evaluated.
    pub span: Option<Range<usize>>,
}

impl EvaluateError {
    /// The code of an expression whose result is, or contains, a function.
    pub const UNSUPPORTED_RESULT: &'static str = "U1002";

    /// Whether the evaluation went well but its result is no JSON value.
    ///
    /// ```
    /// use sfn_jsonata::{Bindings, Environment, Expression, Value};
    ///
    /// let expression: Expression = "function($x) { $x }".parse()?;
    /// let error = expression.evaluate(&Value::Null, &Bindings::new(), &Environment::default()).unwrap_err();
    /// assert!(error.is_unsupported_result());
    /// # Ok::<(), sfn_jsonata::ParseError>(())
    /// ```
    pub fn is_unsupported_result(&self) -> bool {
        self.code == Self::UNSUPPORTED_RESULT
    }
}

/// An error on its way up: boxed, so that results stay small on the stack.
#[derive(Debug)]
pub(crate) struct Fault(Box<EvaluateError>);

/// A fault without a place; the node under evaluation adds its own.
pub(crate) fn fault(code: &'static str, message: impl Into<String>) -> Fault {
    Fault(Box::new(EvaluateError { code, message: message.into(), span: None }))
}

/// Gives a fault the place of the node under evaluation, unless it has one already.
pub(crate) fn at(mut fault: Fault, span: Span) -> Fault {
    if fault.0.span.is_none() {
        fault.0.span = Some(span.into());
    }
    fault
}

impl From<Fault> for EvaluateError {
    fn from(fault: Fault) -> Self {
        *fault.0
    }
}
