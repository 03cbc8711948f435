//! Intrinsic Functions: what a Payload Template may compute from Paths and literals.
//! Separate from Paths because they are a language of their own that holds Paths.

mod function;
mod parse;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

pub use function::{ArgumentKind, Function, Parameter};

use crate::Value;
use crate::path::Path;

/// The call of an Intrinsic Function, parsed.
///
/// ```
/// use sfn_asl::intrinsic::{Argument, Call, Function};
///
/// let call: Call = "States.Format('{} of {}', $.done, States.ArrayLength($.all))".parse()?;
/// assert_eq!(call.function, Function::Format);
/// assert!(matches!(&call.arguments[2].value, Argument::Call(inner) if inner.function == Function::ArrayLength));
///
/// let error = "States.Formt('{}')".parse::<Call>().unwrap_err();
/// assert!(error.message.contains("did you mean `States.Format`?"));
/// # Ok::<(), sfn_asl::intrinsic::CallError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function.
    pub function: Function,
    /// Its arguments.
    pub arguments: Vec<Spanned>,
    /// The bytes of the text that are the call.
    pub span: Range<usize>,
    source: Arc<str>,
}

/// An argument and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned {
    /// The argument.
    pub value: Argument,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// An argument of an Intrinsic Function.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// `null`, a boolean or a number.
    Literal(Value),
    /// A text in single quotes.
    Text(Text),
    /// A Path; its spans count from its own beginning.
    Path(Path),
    /// A call within the call.
    Call(Call),
}

/// A text in single quotes, with its escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What it means.
    pub value: Arc<str>,
    /// What stands between the quotes. `States.Format` looks for `{}` here, where `\{` is a brace and no gap.
    pub raw: Arc<str>,
}

/// What is wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallFault {
    /// It cannot be read.
    Syntax,
    /// There is no such function.
    UnknownFunction,
    /// It has too few or too many arguments.
    Arity,
    /// An argument is of a kind that the function never takes.
    ArgumentKind,
}

/// Why a text is no call of an Intrinsic Function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// The kind of fault.
    pub fault: CallFault,
    /// What was found and what was expected.
    pub message: String,
    /// The bytes of the text that are wrong.
    pub span: Range<usize>,
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at position {}", self.message, self.span.start)
    }
}

impl std::error::Error for CallError {}

impl Call {
    /// The call as its author wrote it.
    ///
    /// ```
    /// let call: sfn_asl::intrinsic::Call = "States.UUID()".parse()?;
    /// assert_eq!(call.source(), "States.UUID()");
    /// # Ok::<(), sfn_asl::intrinsic::CallError>(())
    /// ```
    pub fn source(&self) -> &str {
        &self.source[self.span.clone()]
    }

    /// What the service accepts and every execution that comes to it fails at: too few or too many arguments, and
    /// arguments of a kind that their function never takes, also of calls within.
    ///
    /// ```
    /// let call: sfn_asl::intrinsic::Call = "States.MathAdd('1', $.x)".parse()?;
    /// assert_eq!(call.misfits()[0].span, 15..18);
    /// # Ok::<(), sfn_asl::intrinsic::CallError>(())
    /// ```
    pub fn misfits(&self) -> Vec<CallError> {
        let mut found = Vec::new();
        parse::misfits(self, &mut found);
        found
    }

    /// Visits every Path among the arguments, also of calls within, with the place where it begins.
    ///
    /// ```
    /// let call: sfn_asl::intrinsic::Call = "States.Array($.a, States.Array($.b))".parse()?;
    /// let mut seen = Vec::new();
    /// call.each_path(&mut |path, start| seen.push((path.source().to_owned(), start)));
    /// assert_eq!(seen, [("$.a".to_owned(), 13), ("$.b".to_owned(), 31)]);
    /// # Ok::<(), sfn_asl::intrinsic::CallError>(())
    /// ```
    pub fn each_path<'c>(&'c self, visit: &mut impl FnMut(&'c Path, usize)) {
        for argument in &self.arguments {
            match &argument.value {
                Argument::Path(path) => visit(path, argument.span.start),
                Argument::Call(call) => call.each_path(visit),
                Argument::Literal(_) | Argument::Text(_) => {}
            }
        }
    }
}

impl FromStr for Call {
    type Err = CallError;

    fn from_str(text: &str) -> Result<Self, CallError> {
        parse::call(text)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.source())
    }
}
