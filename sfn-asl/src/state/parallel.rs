//! The Parallel State: several State Machines side by side.
//! Separate because each State type has a file of its own.

use super::{Catcher, Retrier, Shared};
use crate::wire::flat;
use crate::{Nullable, StateMachine, Transition, Value};

/// A Parallel State. Its result is the array of its Branches' outputs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parallel {
    /// What every State may have.
    pub shared: Shared,
    /// `Branches`.
    pub branches: Vec<StateMachine>,
    /// `Parameters` (JSONPath): the Branches' input, as a Payload Template.
    pub parameters: Option<Value>,
    /// `Arguments` (JSONata): the Branches' input, as a template.
    pub arguments: Option<Value>,
    /// `ResultSelector` (JSONPath): what is made of the result, as a Payload Template.
    pub result_selector: Option<Value>,
    /// `ResultPath` (JSONPath): where in the input the result goes. Null: nowhere.
    pub result_path: Nullable<String>,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// `Next` or `End`.
    pub transition: Transition,
}

flat!(Parallel {
    required "Branches" branches;
    optional "Parameters" parameters;
    optional "Arguments" arguments;
    optional "ResultSelector" result_selector;
    optional "ResultPath" result_path;
    optional "Retry" retry;
    optional "Catch" catch;
    flat transition;
    flat shared;
});
