//! The scope of a workflow's run: what has succeeded so far, and how it is undone.
//! Separate because compensations are gathered deep inside the body and run after it.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::Invocation;
use crate::error::name;
use crate::{Failed, fail};

tokio::task_local! {
    static SCOPE: Scope;
}

#[derive(Debug, Clone, Default)]
struct Scope(Arc<Mutex<Vec<Invocation>>>);

/// Runs the body of a workflow; when it fails, undoes what has succeeded, in reverse order.
///
/// When all compensations succeed the body's own failure remains. When one fails the others still run, and the failure is
/// `Saga.CompensationFailed`, its cause naming all of them.
///
/// # Errors
///
/// As said above.
pub async fn saga<O>(body: impl Future<Output = Result<O, Failed>>) -> Result<O, Failed> {
    let scope = Scope::default();
    match SCOPE.scope(scope.clone(), body).await {
        Ok(output) => Ok(output),
        Err(failure) => Err(scope.undo(failure).await),
    }
}

/// Remembers how to undo what has just succeeded. Outside of a workflow there is nobody to remember it.
pub(crate) fn register_compensation(undo: Invocation) {
    let _outside_of_a_workflow = SCOPE.try_with(|scope| scope.push(undo));
}

impl Scope {
    fn push(&self, undo: Invocation) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(undo);
    }

    fn take(&self) -> Vec<Invocation> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn undo(self, failure: Failed) -> Failed {
        let mut failures = Vec::new();
        for compensation in self.take().into_iter().rev() {
            let task = compensation.task.spec.name;
            match compensation.run().await {
                Ok(_) => {}
                // The service tells a missed heartbeat from a timeout only where it is caught.
                Err(failed) if failed.error() == name::HEARTBEAT_TIMEOUT => {
                    failures.push((task, fail(name::TIMEOUT, failed.cause())));
                }
                Err(failed) => failures.push((task, failed)),
            }
        }
        match failures.as_slice() {
            [] => failure,
            failures => fail(name::COMPENSATION_FAILED, compensation_failed(&failure, failures)),
        }
    }
}

/// The cause of `Saga.CompensationFailed`, to the letter what the definition's last state writes.
fn compensation_failed(failure: &Failed, compensations: &[(&str, Failed)]) -> String {
    let compensations: Vec<_> = compensations
        .iter()
        .map(|(task, failed)| format!(r#"{{"task":{},{}}}"#, Value::from(*task), error_and_cause(failed)))
        .collect();
    format!(r#"{{"failure":{{{}}},"compensations":[{}]}}"#, error_and_cause(failure), compensations.join(","))
}

fn error_and_cause(failed: &Failed) -> String {
    format!(r#""error":{},"cause":{}"#, Value::from(failed.error()), Value::from(failed.cause()))
}
