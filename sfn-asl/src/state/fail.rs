//! The Fail State: an end with an error.
//! Separate because each State type has a file of its own.

use super::Shared;
use crate::Operand;
use crate::wire::flat;

/// A Fail State.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fail {
    /// What every State may have.
    pub shared: Shared,
    /// `Error`: the Error Name. As a Path it may also be an Intrinsic Function.
    pub error: Option<Operand<String>>,
    /// `Cause`: what a person should know. As a Path it may also be an Intrinsic Function.
    pub cause: Option<Operand<String>>,
}

flat!(Fail {
    optional "Error" error;
    optional "Cause" cause;
    flat shared;
});
