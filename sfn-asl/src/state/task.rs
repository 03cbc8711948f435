//! The Task State: work done by somebody else.
//! Separate because each State type has a file of its own.

use super::{Catcher, Retrier, Shared};
use crate::wire::flat;
use crate::{Nullable, Operand, Transition, Value};

/// A Task State.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Task {
    /// What every State may have.
    pub shared: Shared,
    /// `Resource`: the ARN that says who does the work.
    pub resource: String,
    /// `Credentials`: the role the work is done under, as a template.
    pub credentials: Option<Value>,
    /// `Parameters` (JSONPath): the work's input, as a Payload Template.
    pub parameters: Option<Value>,
    /// `Arguments` (JSONata): the work's input, as a template.
    pub arguments: Option<Value>,
    /// `TimeoutSeconds`: how long one attempt may take.
    pub timeout_seconds: Option<Operand<i64>>,
    /// `HeartbeatSeconds`: how long the worker may be silent.
    pub heartbeat_seconds: Option<Operand<i64>>,
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

flat!(Task {
    required "Resource" resource;
    optional "Credentials" credentials;
    optional "Parameters" parameters;
    optional "Arguments" arguments;
    optional "TimeoutSeconds" timeout_seconds;
    optional "HeartbeatSeconds" heartbeat_seconds;
    optional "ResultSelector" result_selector;
    optional "ResultPath" result_path;
    optional "Retry" retry;
    optional "Catch" catch;
    flat transition;
    flat shared;
});
