//! Functions that are closures of this process.
//! Separate because tests and local runs need no binary, only something that can be called.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;

use super::functions::{Functions, Invocation, not_found};
use crate::driver::TaskFailure;

type Closure = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, TaskFailure>> + Send + Sync>;

/// Functions by name, each a closure from payload to result.
///
/// ```
/// use sfn_asl::Value;
/// use sfn_engine::driver::TaskFailure;
/// use sfn_engine::lambda::{Closures, Functions, Invocation};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let functions = Closures::new()
///     .with("echo", async |payload: Value| Ok(payload))
///     .with("refuse", async |_: Value| Err(TaskFailure::new("Refused", "not today")));
///
/// let call = |function: &str| Invocation { function: function.to_owned(), payload: Value::from(1) };
/// assert_eq!(functions.invoke(call("echo")).await, Ok(Value::from(1)));
/// assert_eq!(functions.invoke(call("refuse")).await.unwrap_err().error, "Refused");
/// assert_eq!(
///     functions.invoke(call("ship")).await.unwrap_err().to_string(),
///     "Lambda.ResourceNotFoundException: Function not found: ship"
/// );
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Closures {
    by_name: BTreeMap<String, Closure>,
}

impl Closures {
    /// No functions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function under the name by which documents call it.
    pub fn with<F, R>(mut self, name: impl Into<String>, function: F) -> Self
    where
        F: Fn(Value) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value, TaskFailure>> + Send + 'static,
    {
        self.by_name.insert(name.into(), Arc::new(move |payload| function(payload).boxed()));
        self
    }
}

impl Functions for Closures {
    fn names(&self) -> Vec<&str> {
        self.by_name.keys().map(String::as_str).collect()
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'static, Result<Value, TaskFailure>> {
        if let Some(function) = self.by_name.get(&invocation.function) {
            return function(invocation.payload);
        }
        std::future::ready(Err(not_found(&invocation.function))).boxed()
    }
}

impl fmt::Debug for Closures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.by_name.keys()).finish()
    }
}
