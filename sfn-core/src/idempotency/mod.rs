//! Idempotent tasks: whoever calls one again is given what it gave, and nothing is done twice.
//! Separate because it happens around a handler, which knows nothing of it, whoever runs that: Lambda, a worker, a test.

mod key;
mod memory;
mod store;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::Failed;
use crate::error::name;
use crate::native::unique;
use crate::task::{Surroundings, TaskSpec};

pub use key::{KeySource, idempotency_key};
pub use memory::MemoryIdempotencyStore;
pub use store::{Claim, Claimed, IdempotencyStore, StoreAnswer, StoreError};

/// How calls of an idempotent task are told apart, and for how long what they gave is kept.
#[derive(Debug, Clone, Copy)]
pub struct Idempotency {
    /// What tells a call from others.
    pub key: KeySource,
    /// How long what it gave is kept.
    pub remember: Duration,
}

impl Idempotency {
    /// For so long what a task gave is kept unless it says otherwise: a failed execution can be redriven for as long.
    pub const REMEMBERED: Duration = Duration::from_hours(14 * 24);
}

/// How long a claim holds where nobody says when its holder is stopped: as long as Lambda lets a function run.
const LONGEST_RUN: Duration = Duration::from_mins(15);

/// Runs a future, as that of a workflow's function, whose idempotent tasks know what was done before it and what others do.
///
/// Without it every native run of a workflow, and every run of `sfn::local`, knows only its own. This is how a test repeats a
/// run:
///
/// ```
/// # use std::sync::Arc;
/// # use sfn_core::{MemoryIdempotencyStore, with_idempotency_store};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # async fn order_saga() -> u32 { 5 }
/// let store = Arc::new(MemoryIdempotencyStore::new());
/// let first = with_idempotency_store(store.clone(), order_saga()).await;
/// let again = with_idempotency_store(store, order_saga()).await;
/// assert_eq!(first, again);
/// # }
/// ```
pub async fn with_idempotency_store<F: IntoFuture>(store: Arc<dyn IdempotencyStore>, run: F) -> F::Output {
    let run = run.into_future();
    Surroundings::current().with_idempotency_store(store).around(run).await
}

/// Runs a handler, unless it was run for the same call before.
///
/// What it gives is recorded, what it fails with is not: then nothing was done, and whoever comes next may try.
pub(crate) async fn once<F: Future<Output = Result<Value, Failed>>>(
    spec: &TaskSpec,
    idempotency: &Idempotency,
    payload: Value,
    run: impl FnOnce(Value) -> F,
) -> Result<Value, Failed> {
    let surroundings = Surroundings::current();
    // A call that belongs to no run of anything is repeated by nobody.
    let Some(store) = surroundings.idempotency_store else { return run(payload).await };
    let left = surroundings.deadline.map(|deadline| deadline.duration_since(tokio::time::Instant::now()));
    let claim = Claim {
        key: key::of(spec, idempotency, &payload)?,
        payload: key::of_payload(spec, &payload),
        holder: unique(),
        holds: left.unwrap_or(LONGEST_RUN),
        remembered: idempotency.remember,
    };
    match store.claim(&claim).await.map_err(|error| unavailable(spec, &error))? {
        Claimed::Here => {}
        Claimed::Elsewhere { payload } | Claimed::Done { payload, .. } if payload != claim.payload => {
            return Err(reused(spec, &claim));
        }
        Claimed::Elsewhere { .. } => return Err(in_progress(spec, &claim)),
        Claimed::Done { output: Some(output), .. } => return replayed(spec, &output),
        Claimed::Done { output: None, .. } => return Err(too_large(spec, &*store)),
    }
    match run(payload).await {
        Ok(output) => recorded(spec, &*store, &claim, output).await,
        Err(failed) => {
            // What cannot be released ends by itself, when the holder's time is over; what matters went wrong before.
            let _ = store.release(&claim).await;
            Err(failed)
        }
    }
}

/// Records what a handler gave.
async fn recorded(
    spec: &TaskSpec,
    store: &dyn IdempotencyStore,
    claim: &Claim,
    output: Value,
) -> Result<Value, Failed> {
    let text = output.to_string();
    let fits = text.len() <= store.largest_output();
    match store.record(claim, fits.then_some(&*text)).await {
        Ok(true) if fits => Ok(output),
        Ok(true) => Err(too_large(spec, store)),
        // Somebody has taken the claim over: one of the two results must count for both, and it is not known yet which.
        Ok(false) => Err(in_progress(spec, claim)),
        // The work is done, and whoever waits for the answer gets it. Were it to fail here, it would be done again.
        Err(_) => Ok(output),
    }
}

fn replayed(spec: &TaskSpec, output: &str) -> Result<Value, Failed> {
    serde_json::from_str(output).map_err(|error| {
        let error = format!("what was recorded is no JSON: {error}");
        unavailable(spec, &error.into())
    })
}

fn in_progress(spec: &TaskSpec, claim: &Claim) -> Failed {
    let message = format!(
        "task `{}` is being done for this very call, `{}`, by another invocation, which has not ended yet",
        spec.name, claim.key
    );
    Failed::of_task(name::IN_PROGRESS, &message)
}

fn reused(spec: &TaskSpec, claim: &Claim) -> Failed {
    let message = format!(
        "task `{}` was called with other arguments under the same key, `{}`: a key stands for one call, so let it be made of \
         everything that tells two calls apart",
        spec.name, claim.key
    );
    Failed::of_task(name::KEY_REUSED, &message)
}

fn too_large(spec: &TaskSpec, store: &dyn IdempotencyStore) -> Failed {
    let message = format!(
        "task `{}` is done, but what it gave is larger than the {} bytes that can be recorded of it: give less, such as the \
         place where the rest is",
        spec.name,
        store.largest_output()
    );
    Failed::of_task(name::RESULT_TOO_LARGE, &message)
}

fn unavailable(spec: &TaskSpec, error: &StoreError) -> Failed {
    let message =
        format!("whether task `{}` was done before is not known, so nothing was done: {error}", spec.name);
    Failed::of_task(name::STORE_UNAVAILABLE, &message)
}
