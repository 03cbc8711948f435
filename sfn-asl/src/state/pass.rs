//! The Pass State: data in, data out, no work.
//! Separate because each State type has a file of its own.

use super::Shared;
use crate::wire::flat;
use crate::{Nullable, Transition, Value};

/// A Pass State.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pass {
    /// What every State may have.
    pub shared: Shared,
    /// `Parameters` (JSONPath): what is passed, as a Payload Template.
    pub parameters: Option<Value>,
    /// `Result` (JSONPath): what is passed, as it stands.
    pub result: Option<Value>,
    /// `ResultPath` (JSONPath): where in the input it goes. Null: nowhere.
    pub result_path: Nullable<String>,
    /// `Next` or `End`.
    pub transition: Transition,
}

flat!(Pass {
    optional "Parameters" parameters;
    optional "Result" result;
    optional "ResultPath" result_path;
    flat transition;
    flat shared;
});
