//! Executions recorded on the service: the same definition, input and task outcomes, played on the engine.
//! Separate because a recording must be staged (mocks, a clock, Task Tokens) before anything can be compared.

mod case;
mod mocks;
mod tiers;

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_engine::Timestamp;
use sfn_engine::core::{Identity, Machine};
use sfn_engine::driver::{Clock, Engine, Observation, Observed, Pending, VirtualClock};
use sfn_engine::objects::{MemoryStore, ObjectStore};

use case::{Case, S3Object};
use mocks::Mocks;
use tiers::Run;

use crate::lines;
use crate::suite::{Differences, Suite};

pub(crate) fn run(folder: &Path, differences: &Differences) -> Option<Suite> {
    let cases: Vec<Case> = lines(folder, "executions.jsonl")?;
    let mut suite = Suite::new("executions", tiers::LABELS, differences);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts");
    for case in cases {
        match case.definition().parse::<Machine>() {
            Ok(machine) => {
                let run = runtime.block_on(play(&case, machine));
                suite.count(&case.id, tiers::verdicts(&case, &run));
            }
            Err(error) => suite.count(&case.id, [Err(format!("refused: {error}"))]),
        }
    }
    Some(suite)
}

/// What the execution is called.
const NAME: &str = "recorded";

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// How long an execution may be at it before it counts as running.
const PATIENCE: Duration = Duration::from_secs(10);

async fn play(case: &Case, machine: Machine) -> Run {
    let played = Arc::new(Mutex::new(Run { status: None, history: Vec::new() }));
    let kept = Arc::clone(&played);
    let observer = move |observation: Observation| {
        // The children of Map Runs have histories of their own, which are not recorded.
        if *observation.execution != *NAME {
            return;
        }
        let mut run = kept.lock().expect("nobody panics with the lock held");
        match observation.what {
            Observed::Recorded(event) => run.history.push(event),
            Observed::Finished(status) => run.status = Some(status),
            _ => {}
        }
    };
    let objects = MemoryStore::new();
    for S3Object { bucket, key, body } in &case.s3_objects {
        objects.put(bucket, key, body.as_bytes().to_vec(), START).await.expect("memory takes anything");
    }
    let hands = Arc::new(OnceLock::new());
    let builder =
        Engine::builder(Mocks::of(case, Arc::clone(&hands))).observer(observer).objects(objects).seed(1);
    let builder = builder.place("us-east-1", "111111111111");
    // An execution that was still running when it was recorded waited for the time to come.
    let engine = if case.is_running() {
        builder.clock(StoppedClock).spawn()
    } else {
        builder.clock(VirtualClock::scripted(START)).spawn()
    };
    let _ = hands.set(engine.clone());
    let execution = engine
        .launch(&Arc::new(machine), identity(case), case.input(), None)
        .expect("a fresh engine starts anything");
    if case.is_running() {
        // Nothing happens in it any more once all that is ready has been done.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    } else {
        // One that never ends is seen by its missing status.
        let _ = tokio::time::timeout(PATIENCE, execution.finished()).await;
    }
    let mut run = played.lock().expect("nobody panics with the lock held");
    Run { status: run.status.take(), history: std::mem::take(&mut run.history) }
}

/// Who the execution is: the recordings are masked but for the role and the shape of the ARNs.
fn identity(case: &Case) -> Identity {
    let mut identity = Identity::new("us-east-1", "111111111111", "machine", NAME);
    if case.is_express() {
        identity.execution_arn =
            format!("arn:aws:states:us-east-1:111111111111:express:machine:{NAME}:1").into();
    }
    if let Some(role_arn) = case.role_arn() {
        identity.role_arn = role_arn.into();
    }
    identity
}

/// A clock on which no timer ever fires.
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        START
    }

    fn sleep_until(&self, _: Timestamp, _: Pending) -> BoxFuture<'_, ()> {
        std::future::pending().boxed()
    }
}
