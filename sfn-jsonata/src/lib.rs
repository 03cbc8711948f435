//! JSONata as AWS Step Functions speaks it: version 2.0.6 of the language, without `$eval`, with the service's
//! own functions. It is a crate of its own because validators, compilers and the engine all need it and nothing
//! in it knows of state machines.
//!
//! ```
//! use sfn_jsonata::{Bindings, Environment, Expression, Value};
//!
//! let expression: Expression = "$sum($states.input.lines.(price * quantity)) > 100".parse()?;
//! let states: Value = serde_json::from_str(
//!     r#"{"input": {"lines": [{"price": 40, "quantity": 2}, {"price": 25, "quantity": 1}]}}"#,
//! )?;
//! let bindings = Bindings::from_iter([("states", states)]);
//! let result = expression.evaluate(&Value::Null, &bindings, &Environment::default())?;
//! assert_eq!(result, Some(Value::from(true)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where the service differs from the language
//!
//! - `$eval` does not exist; calling it fails as calling any unknown function does.
//! - `$partition`, `$range`, `$hash`, `$random(seed)`, `$uuid` and `$parse` exist.
//! - The operators `??` and `?:` of later versions are refused with [`ParseError`] `S0211`.
//! - What JSON cannot say (`1/0`) leaves the evaluation as a string such as `"Infinity"`.

mod builtin;
mod environment;
mod error;
mod evaluate;
mod expression;
mod syntax;
mod value;

pub use builtin::{read_timestamp, write_timestamp};
pub use environment::{Bindings, Environment, Limits};
pub use error::{EvaluateError, ParseError};
pub use expression::Expression;
pub use syntax::{Finding, FindingKind, Reference, ReferenceKind, ValueKind};
pub use value::{Array, Number, Object, Value};
