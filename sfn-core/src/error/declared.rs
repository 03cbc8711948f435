//! The errors a task declares: the trait [`TaskError`], its derive's counterpart, and its names as data.
//! Separate because names and fields are a contract between a task and the workflows that match on them.

use std::convert::Infallible;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::ShapeOf;

/// The errors a task may end with, each under a name people chose.
///
/// It is derived: `#[derive(TaskError)]`, beside an implementation of [`std::error::Error`] such as `thiserror`'s.
/// A task that cannot fail says so with [`Infallible`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare the errors of a task [not-a-task-error]",
    label = "not a task error",
    note = "add `#[derive(Debug, thiserror::Error, TaskError)]` to `{Self}` if it is yours, or wrap it in an error of yours",
    note = "a task that cannot fail returns `Result<Output, std::convert::Infallible>`"
)]
pub trait TaskError: std::error::Error + Sized + Send + 'static {
    /// The declared errors, in the order of the variants.
    const ERRORS: &'static [ErrorSpec];
    /// Whether these are a service's errors, whose cause is the service's own text and their only field.
    const CAUSE_IS_TEXT: bool = false;

    /// The declared name of this error.
    fn error_name(&self) -> &'static str;

    /// The fields of this error: `null` where it has none, an object of named ones, an array of unnamed ones.
    fn fields(&self) -> Value;

    /// The error of a name and its fields; nothing where the name is not declared or the fields do not fit.
    fn from_fields(error_name: &str, fields: Value) -> Option<Self>;
}

/// One declared error.
#[derive(Debug, Clone, Copy)]
pub struct ErrorSpec {
    /// The Rust name of the variant, or of the struct.
    pub variant: &'static str,
    /// The error name: what `ErrorEquals` matches.
    pub name: &'static str,
    /// Whether the default Retrier of a task that raises it retries it.
    pub retry: bool,
    /// What it carries.
    pub fields: &'static [ErrorField],
}

/// One field of a declared error.
#[derive(Debug, Clone, Copy)]
pub struct ErrorField {
    /// The Rust name; `0`, `1` .. where the fields have none.
    pub name: &'static str,
    /// The JSON key, or the place in the array.
    pub wire: &'static str,
    /// What it holds.
    pub shape: ShapeOf,
}

impl TaskError for Infallible {
    const ERRORS: &'static [ErrorSpec] = &[];

    fn error_name(&self) -> &'static str {
        match *self {}
    }

    fn fields(&self) -> Value {
        match *self {}
    }

    fn from_fields(_: &str, _: Value) -> Option<Self> {
        None
    }
}

/// The fields of an error on their way back into Rust.
#[derive(Debug)]
pub struct ErrorFields(Value);

impl ErrorFields {
    /// The fields, as they travelled.
    pub fn new(fields: Value) -> Self {
        Self(fields)
    }

    /// The JSON of named fields.
    pub fn named<const N: usize>(fields: [(&str, Value); N]) -> Value {
        Value::Object(fields.into_iter().map(|(wire, json)| (wire.to_owned(), json)).collect::<Map<_, _>>())
    }

    /// The JSON of unnamed fields.
    pub fn unnamed<const N: usize>(fields: [Value; N]) -> Value {
        Value::Array(fields.into())
    }

    /// The field of a wire name, if it is there (or may be absent) and fits.
    ///
    /// ```
    /// use sfn_core::ErrorFields;
    ///
    /// let mut fields = ErrorFields::new(serde_json::json!({ "reason": "no funds" }));
    /// assert_eq!(fields.take::<String>("reason").as_deref(), Some("no funds"));
    /// assert_eq!(fields.take::<String>("code"), None);
    /// ```
    pub fn take<T: DeserializeOwned>(&mut self, wire: &str) -> Option<T> {
        let found = match &mut self.0 {
            Value::Object(named) => named.get_mut(wire).map(Value::take),
            Value::Array(unnamed) => {
                wire.parse::<usize>().ok().and_then(|at| unnamed.get_mut(at)).map(Value::take)
            }
            _ => None,
        };
        serde_json::from_value(found.unwrap_or(Value::Null)).ok()
    }
}
