//! Whoever can run functions by name.
//! Separate because closures and processes have nothing else in common.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sfn_asl::Value;

use crate::driver::TaskFailure;

/// Somebody who can run functions by name.
///
/// [`Services`](crate::services::Services) calls them for `lambda:invoke` and for functions' own ARNs.
pub trait Functions: Send + Sync + 'static {
    /// The names it has functions for.
    fn names(&self) -> Vec<&str>;

    /// Runs a function once.
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'static, Result<Value, TaskFailure>>;
}

impl<F: Functions> Functions for Arc<F> {
    fn names(&self) -> Vec<&str> {
        self.as_ref().names()
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'static, Result<Value, TaskFailure>> {
        self.as_ref().invoke(invocation)
    }
}

/// One call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// Which function: one of [`Functions::names`].
    pub function: String,
    /// What it is given.
    pub payload: Value,
}

/// The failure of a function that is not there.
pub(super) fn not_found(name: &str) -> TaskFailure {
    TaskFailure::new("Lambda.ResourceNotFoundException", format!("Function not found: {name}"))
}
