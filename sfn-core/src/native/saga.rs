//! The scope of a workflow's run: what has succeeded so far, and how it is undone.
//! Separate because compensations are gathered deep inside the body and run after it.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{join_all, ready};
use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::Invocation;
use crate::composition::Asked;
use crate::error::name;
use crate::{CompensationOrder, Failed, fail};

tokio::task_local! {
    static SCOPE: Scope;
    static SETTLES: Cell<bool>;
}

#[derive(Debug, Clone, Default)]
pub(super) struct Scope(Arc<Mutex<Vec<Invocation>>>);

/// Runs the body of a workflow; when it fails, undoes what has succeeded, in reverse order.
///
/// When all compensations succeed the body's own failure remains. When one fails the others still run, and the failure is
/// `Saga.CompensationFailed`, its cause naming all of them.
///
/// # Errors
///
/// As said above.
pub async fn saga<O>(body: impl Future<Output = Result<O, Failed>>) -> Result<O, Failed> {
    saga_in(CompensationOrder::Reverse, body).await
}

/// The same, in an order.
pub(crate) async fn saga_in<O>(
    order: CompensationOrder,
    body: impl Future<Output = Result<O, Failed>>,
) -> Result<O, Failed> {
    let scope = Scope::default();
    match SCOPE.scope(scope.clone(), body).await {
        Ok(output) => Ok(output),
        Err(failure) => Err(scope.undo(order, failure).await),
    }
}

/// The point of no return: nothing that was done before is undone when something fails later.
///
/// In a workflow it costs nothing: the States behind it lead to no compensation of what was done in front of it.
///
/// ```
/// use std::convert::Infallible;
///
/// use sfn_core::saga;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let failed = saga(async {
///     // .. steps that are undone should one of them fail
///     saga::commit();
///     // .. steps whose failure undoes nothing
///     Err::<(), _>(sfn_core::fail("TooLate", ""))
/// });
/// assert_eq!(failed.await.unwrap_err().error(), "TooLate");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn commit() {
    let _outside_of_a_workflow = SCOPE.try_with(Scope::take);
}

/// Runs a body as a part of the workflow around it, or as a workflow where there is none.
pub(crate) async fn within_saga<O>(body: impl Future<Output = Result<O, Failed>>) -> Result<O, Failed> {
    if SCOPE.try_with(|_| ()).is_ok() { body.await } else { saga(body).await }
}

/// Runs branches or iterations to their ends, whatever becomes of the others: `#[workflow]` asks for it where something
/// inside is compensated.
pub fn settling<F: IntoFuture>(
    compensates: impl FnOnce(&mut Asked) -> bool,
    fan_out: F,
) -> impl Future<Output = F::Output> {
    let settles = compensates(&mut Asked::default());
    SETTLES.scope(Cell::new(settles), fan_out.into_future())
}

/// Whether the branches or iterations that are about to run do so to their ends; asked once.
pub(super) fn settles() -> bool {
    SETTLES.try_with(|settles| settles.replace(false)).unwrap_or(false)
}

/// Runs one of several branches, and what is to be undone of it.
pub(super) async fn branch<O>(run: impl Future<Output = O>) -> (O, Scope) {
    let scope = Scope::default();
    (SCOPE.scope(scope.clone(), run).await, scope)
}

/// Remembers how to undo branches, the last one's steps first.
pub(super) fn adopt(branches: impl IntoIterator<Item = Scope>) {
    let _outside_of_a_workflow = SCOPE.try_with(|scope| {
        let undo = branches.into_iter().flat_map(|branch| branch.take());
        undo.for_each(|undo| scope.push(undo));
    });
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

    async fn undo(self, order: CompensationOrder, failure: Failed) -> Failed {
        let undone = self.take().into_iter().rev().map(undo);
        let failures: Vec<_> = match order {
            CompensationOrder::Reverse => stream::iter(undone).buffered(1).filter_map(ready).collect().await,
            CompensationOrder::Parallel => join_all(undone).await.into_iter().flatten().collect(),
        };
        match failures.as_slice() {
            [] => failure,
            failures => fail(name::COMPENSATION_FAILED, compensation_failed(&failure, failures)),
        }
    }
}

/// Runs a compensation: which task failed and how, if it did.
async fn undo(compensation: Invocation) -> Option<(&'static str, Failed)> {
    let task = compensation.task.spec.name;
    match compensation.run().await {
        Ok(_) => None,
        // The service tells a missed heartbeat from a timeout only where it is caught.
        Err(failed) if failed.error() == name::HEARTBEAT_TIMEOUT => {
            Some((task, fail(name::TIMEOUT, failed.cause())))
        }
        Err(failed) => Some((task, failed)),
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
