//! Which execution a native run is, what time it is there, and where chance comes from.
//! Separate because a workflow asks for it anywhere, while only the start of a run knows it.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::Value;
use sfn_jsonata::Bindings;
use tokio::time::Instant;

use crate::evaluate::evaluate_text;
use crate::payload::decode;
use crate::{Arg, ArgValue, Failed, Payload, Surroundings, Timestamp};

tokio::task_local! {
    static RUNNING: Arc<Running>;
    static WORLD: Arc<World>;
}

/// The place that names of executions are in, as in the engine's own.
const PLACE: &str = "arn:aws:states:us-east-1:123456789012";

/// The execution that asks: what [`execution`] gives.
#[derive(Debug, Clone)]
pub struct Execution(Arc<Running>);

/// The State Machine of the execution that asks: what [`state_machine`] gives.
#[derive(Debug, Clone)]
pub struct StateMachineInfo(Arc<Running>);

#[derive(Debug)]
struct Running {
    machine: &'static str,
    name: String,
    started: Timestamp,
    input: Value,
}

/// The execution that this is a part of: in a workflow, what the Context Object says of it.
///
/// A native run is an execution as well: each has a name, begins now, and its time is tokio's. [`NativeRun`] says which.
/// In the body of a distributed map it is the workflow's execution, not the child's.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// use sfn_core::{NativeRun, execution};
///
/// let run = NativeRun::new().named("order-7");
/// let asked = run.run("order-saga", 7, async { (execution().name(), execution().input::<u32>()) });
/// assert_eq!(asked.await, ("order-7".to_owned(), Ok(7)));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn execution() -> Execution {
    Execution(running())
}

/// The State Machine that this is an execution of.
pub fn state_machine() -> StateMachineInfo {
    StateMachineInfo(running())
}

/// What time it is. In a workflow: `$now()`, evaluated once, where it is written.
///
/// ```
/// let begun = sfn_core::now();
/// assert!(sfn_core::now() >= begun);
/// ```
pub fn now() -> Timestamp {
    WORLD.try_with(|world| world.now()).unwrap_or_else(|_| wall())
}

/// A random UUID. In a workflow: `$uuid()`, evaluated once, where it is written, so that every retry of a task that is
/// given it is given the same.
///
/// ```
/// assert_ne!(sfn_core::uuid(), sfn_core::uuid());
/// ```
pub fn uuid() -> String {
    match evaluate_text("$uuid()", &Bindings::new()) {
        Ok(Some(Value::String(uuid))) => uuid,
        // It has no arguments to be wrong.
        _ => String::new(),
    }
}

/// A random number, at least 0 and less than 1. In a workflow: `$random()`, evaluated once, where it is written.
///
/// ```
/// assert!((0.0..1.0).contains(&sfn_core::random()));
/// ```
pub fn random() -> f64 {
    let drawn = evaluate_text("$random()", &Bindings::new());
    drawn.ok().flatten().and_then(|drawn| drawn.as_f64()).unwrap_or_default()
}

/// How often a task was tried before: an argument of its call, which counts up from 0 with each retry.
pub fn retry_count() -> RetryCount {
    RetryCount(())
}

/// What [`retry_count`] gives: an argument, and nothing else, for every attempt sees another number.
#[derive(Debug, Clone, Copy)]
pub struct RetryCount(());

/// What stands in the place of the number until an attempt is made.
const PENDING: &str = "sfn-pending-retry-count";

impl Arg<u32> for RetryCount {
    fn into_arg(self) -> ArgValue {
        ArgValue::Json(PENDING.into())
    }
}

/// A payload as an attempt sees it.
pub(crate) fn with_retry_count(mut payload: Value, retries: u32) -> Value {
    fill(&mut payload, retries);
    payload
}

/// Puts the number in its place, inside of texts too: a body may be JSON as text, or the number as text.
fn fill(value: &mut Value, retries: u32) {
    match value {
        Value::String(text) if text == PENDING => *value = retries.into(),
        Value::String(text) if text.contains(PENDING) => {
            let number = retries.to_string();
            *text = text.replace(&format!("\"{PENDING}\""), &number).replace(PENDING, &number);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, retries)),
        Value::Object(entries) => entries.values_mut().for_each(|entry| fill(entry, retries)),
        _ => {}
    }
}

impl Execution {
    /// Its ARN.
    pub fn id(&self) -> String {
        format!("{PLACE}:execution:{}:{}", self.0.machine, self.0.name)
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.0.name.clone()
    }

    /// When it began.
    pub fn start_time(&self) -> Timestamp {
        self.0.started
    }

    /// What it was started with.
    ///
    /// # Errors
    ///
    /// `Payload.Invalid` where that is no `T`. A state machine does not look: a type that is not the input's is wrong
    /// where it is used.
    pub fn input<T: Payload>(&self) -> Result<T, Failed> {
        decode(self.0.input.clone())
    }
}

impl StateMachineInfo {
    /// Its ARN.
    pub fn id(&self) -> String {
        format!("{PLACE}:stateMachine:{}", self.0.machine)
    }

    /// Its name: natively the workflow's, on the service whatever it was deployed as.
    pub fn name(&self) -> String {
        self.0.machine.to_owned()
    }
}

fn running() -> Arc<Running> {
    RUNNING.try_with(Arc::clone).unwrap_or_else(|_| {
        // Outside of any workflow nobody has started anything.
        Arc::new(Running { machine: "none", name: uuid(), started: now(), input: Value::Null })
    })
}

/// Time and chance of native runs.
#[derive(Debug)]
struct World {
    begun: Instant,
    begun_at: Timestamp,
    seed: AtomicU64,
    /// The name of the next execution, if it was given one.
    name: Mutex<Option<String>>,
}

impl World {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(self.begun_at.as_millis().saturating_add(passed))
    }
}

#[expect(clippy::disallowed_methods, reason = "a native run goes by the clock of its machine")]
fn wall() -> Timestamp {
    SystemTime::now().into()
}

/// Where the next evaluation's randomness starts from.
pub(crate) fn seed() -> u64 {
    /// Any odd number of many bits leads through all others.
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    let drawn = WORLD.try_with(|world| world.seed.fetch_add(STEP, Ordering::Relaxed));
    drawn.unwrap_or_else(|_| entropy())
}

/// A text that nobody else has, in this process or in any other.
pub(crate) fn unique() -> String {
    format!("{:016x}{:016x}", entropy(), entropy())
}

/// A number that nobody knows: the standard library has the system's randomness for its hash maps alone.
fn entropy() -> u64 {
    RandomState::new().hash_one(())
}

/// What a native run is told about itself, so that it can be compared with another: its name, its time, its chance.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
/// # runtime.block_on(async {
/// use sfn_core::{NativeRun, Timestamp, now, sleep, secs};
///
/// let run = NativeRun::new().started_at(Timestamp::from_millis(0)).seed(7);
/// let ended = run.within(async { sleep(secs(3600)).await; now() }).await;
/// assert_eq!(ended.to_string(), "1970-01-01T01:00:00.000Z");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct NativeRun {
    name: Option<String>,
    started_at: Option<Timestamp>,
    seed: Option<u64>,
}

impl NativeRun {
    /// A run of its own name that begins now.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, whose first workflow is an execution of this name.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// The same, where time begins at this moment.
    #[must_use]
    pub fn started_at(self, moment: Timestamp) -> Self {
        Self { started_at: Some(moment), ..self }
    }

    /// The same, whose `uuid()` and `random()` are the same in every run.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Runs a future, as that of a workflow's function, in this way.
    pub async fn within<F: Future>(self, future: F) -> F::Output {
        let surroundings = Surroundings::current().with_any_idempotency_store();
        surroundings.around(WORLD.scope(Arc::new(self.world()), future)).await
    }

    /// Runs a body as the execution of a workflow: what `#[workflow]` does with a function's.
    #[doc(hidden)]
    pub async fn run<F: Future>(self, workflow: &'static str, input: impl Into<Value>, body: F) -> F::Output {
        self.within(as_execution(workflow, input.into(), body)).await
    }

    fn world(self) -> World {
        World {
            begun: Instant::now(),
            begun_at: self.started_at.unwrap_or_else(now),
            seed: AtomicU64::new(self.seed.unwrap_or_else(seed)),
            name: Mutex::new(self.name),
        }
    }
}

/// Runs a body as an execution of a workflow, in the world around it or in one of its own.
pub(crate) async fn as_execution<F: Future>(workflow: &'static str, input: Value, body: F) -> F::Output {
    let world = WORLD.try_with(Arc::clone).unwrap_or_else(|_| Arc::new(NativeRun::new().world()));
    let named = world.name.lock().unwrap_or_else(PoisonError::into_inner).take();
    let begun = async {
        let name = named.unwrap_or_else(uuid);
        let running = Running { machine: workflow, name, started: now(), input };
        let surroundings = Surroundings::current().with_any_idempotency_store();
        surroundings.around(RUNNING.scope(Arc::new(running), body)).await
    };
    WORLD.scope(Arc::clone(&world), begun).await
}

/// A body that will be run elsewhere, in the world of whoever says so.
pub(crate) fn carried<F: Future>(body: F) -> impl Future<Output = F::Output> {
    let world = WORLD.try_with(Arc::clone).unwrap_or_else(|_| Arc::new(NativeRun::new().world()));
    WORLD.scope(world, body)
}

/// Whether this is a part of an execution.
pub(crate) fn is_executed() -> bool {
    RUNNING.try_with(|_| ()).is_ok()
}
