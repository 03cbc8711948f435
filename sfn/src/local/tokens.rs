//! Brings the answers of task tokens to the engines of this process. Separate because a token knows nothing of the run it
//! belongs to, and the process has one backend for all of them.

use sfn_core::{Failed, TokenAnswer, TokenBackend, TokenError, token};
use sfn_engine::Value;
use sfn_engine::driver::{self, Engine, TaskFailure};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

static RUNS: Mutex<Runs> = Mutex::new(Runs { engines: BTreeMap::new(), tokens: BTreeMap::new() });

/// The runs of this process that are not over.
struct Runs {
    engines: BTreeMap<u64, Engine>,
    /// Which runs gave out a token: runs of one seed give out the same ones.
    tokens: BTreeMap<String, Vec<Issued>>,
}

/// A token as given out by a run.
struct Issued {
    run: u64,
    /// The runtime the run is on, where its tasks usually are too.
    runtime: Option<tokio::runtime::Id>,
}

impl Runs {
    /// The engine that a token most likely came from: the one on this runtime, or else the only one.
    fn engine_of(&self, token: &str) -> Option<&Engine> {
        let issued = self.tokens.get(token)?;
        let here = runtime();
        let same = issued.iter().rev().find(|issued| issued.runtime == here);
        let meant = same.or(if let [only] = issued.as_slice() { Some(only) } else { None })?;
        self.engines.get(&meant.run)
    }
}

fn runtime() -> Option<tokio::runtime::Id> {
    tokio::runtime::Handle::try_current().ok().map(|handle| handle.id())
}

/// A run whose tokens reach its engine until this is dropped.
#[derive(Debug)]
pub(super) struct Reachable(u64);

impl Reachable {
    /// A run that has no engine yet; `None` where the tokens of this process go elsewhere.
    pub(super) fn new() -> Option<Self> {
        static IS_OURS: OnceLock<bool> = OnceLock::new();
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let ours = *IS_OURS.get_or_init(|| token::install(Box::new(Local)).is_ok());
        ours.then(|| Self(NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    /// What to call when the run gives out a token.
    pub(super) fn issuer(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let number = self.0;
        move |token| {
            let issued = Issued { run: number, runtime: runtime() };
            runs().tokens.entry(token.to_owned()).or_default().push(issued);
        }
    }

    /// The run's engine.
    pub(super) fn at(&self, engine: &Engine) {
        runs().engines.insert(self.0, engine.clone());
    }
}

impl Drop for Reachable {
    fn drop(&mut self) {
        let mut runs = runs();
        runs.engines.remove(&self.0);
        runs.tokens.retain(|_, issued| {
            issued.retain(|issued| issued.run != self.0);
            !issued.is_empty()
        });
    }
}

fn runs() -> MutexGuard<'static, Runs> {
    RUNS.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Local;

impl TokenBackend for Local {
    fn succeed<'a>(&'a self, token: &'a str, output: serde_json::Value) -> TokenAnswer<'a> {
        Box::pin(bring(token, Answer::Success(output.into())))
    }

    fn fail<'a>(&'a self, token: &'a str, failed: Failed) -> TokenAnswer<'a> {
        Box::pin(bring(token, Answer::Failure(TaskFailure::new(failed.error(), failed.cause()))))
    }

    fn heartbeat<'a>(&'a self, token: &'a str) -> TokenAnswer<'a> {
        Box::pin(bring(token, Answer::Heartbeat))
    }
}

/// What somebody brings with a token.
enum Answer {
    Success(Value),
    Failure(TaskFailure),
    Heartbeat,
}

/// Brings an answer to the engine that gave out its token.
async fn bring(token: &str, answer: Answer) -> Result<(), TokenError> {
    let engine = runs().engine_of(token).cloned();
    let Some(engine) = engine else {
        let reason = "no workflow that runs in this process gave it out".to_owned();
        return Err(TokenError::DoesNotExist(reason));
    };
    let brought = match answer {
        Answer::Success(output) => engine.send_task_success(token, output).await,
        Answer::Failure(failure) => engine.send_task_failure(token, failure).await,
        Answer::Heartbeat => engine.send_task_heartbeat(token).await,
    };
    brought.map_err(|refused| match refused {
        driver::TokenError::TimedOut | driver::TokenError::ShutDown => TokenError::TimedOut,
        driver::TokenError::Unknown => TokenError::DoesNotExist(refused.to_string()),
        driver::TokenError::Invalid => TokenError::Invalid(refused.to_string()),
    })
}
