//! Functions that are real Lambda binaries: one process per invocation at a time, kept for the next one.
//! Separate from the single process because this is where they are found, counted and ended.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;

use super::functions::{Functions, Invocation, not_found};
use super::process::{Logs, Process, Verdict, Work};
use super::runtime_api::Reply;
use crate::core::Random;
use crate::driver::{Clock, RealClock, TaskFailure};

/// A function: which binary, and what it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionSpec {
    /// The binary.
    pub program: PathBuf,
    /// `_HANDLER`: which of its handlers.
    pub handler: String,
    /// `AWS_LAMBDA_FUNCTION_NAME`.
    pub name: String,
    /// `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`, in MiB. Told, not enforced.
    pub memory_mb: u32,
    /// How long one invocation may take; the service allows 15 minutes.
    pub timeout: Duration,
    /// More of its environment; wins over what the pool sets.
    pub environment: BTreeMap<String, String>,
}

impl FunctionSpec {
    /// A handler of a binary, by the handler's name, with the service's largest timeout.
    pub fn new(program: impl Into<PathBuf>, handler: impl Into<String>) -> Self {
        let handler = handler.into();
        Self {
            program: program.into(),
            name: handler.clone(),
            handler,
            memory_mb: 128,
            timeout: Duration::from_mins(15),
            environment: BTreeMap::new(),
        }
    }
}

/// A line that a function wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// What the document calls the function.
    pub function: Arc<str>,
    /// Where it wrote.
    pub stream: LogStream,
    /// What, without the line's end.
    pub text: String,
}

/// Where a function writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Functions that run as processes behind a Lambda Runtime API.
///
/// Cheap to clone. Idle processes are kept and end with the last clone, or on [`shut_down`](Self::shut_down).
#[derive(Clone)]
pub struct ProcessPool {
    inner: Arc<Inner>,
}

struct Inner {
    functions: BTreeMap<String, FunctionSpec>,
    environment: BTreeMap<String, String>,
    region: String,
    account: String,
    logs: Option<Logs>,
    clock: RealClock,
    state: Mutex<Kept>,
}

struct Kept {
    idle: BTreeMap<String, Vec<Process>>,
    random: Random,
    is_shut_down: bool,
}

/// How to make a [`ProcessPool`].
#[derive(Default)]
pub struct PoolBuilder {
    functions: BTreeMap<String, FunctionSpec>,
    service_url: Option<String>,
    logs: Option<Logs>,
}

impl PoolBuilder {
    /// Adds a function under what documents call it: a name, an ARN, or a placeholder such as
    /// `${ChargePaymentFunctionArn}`.
    pub fn function(mut self, called: impl Into<String>, spec: FunctionSpec) -> Self {
        self.functions.insert(called.into(), spec);
        self
    }

    /// Where the functions' own calls to Step Functions go: `AWS_ENDPOINT_URL_SFN`.
    pub fn service_url(mut self, url: impl Into<String>) -> Self {
        self.service_url = Some(url.into());
        self
    }

    /// Who gets to see what the functions write.
    pub fn logs(mut self, listener: impl Fn(LogLine) + Send + Sync + 'static) -> Self {
        self.logs = Some(Arc::new(listener));
        self
    }

    /// The pool. No process is started before its first invocation.
    pub fn build(self) -> ProcessPool {
        let region = "us-east-1".to_owned();
        let fixed = [
            ("AWS_REGION", region.as_str()),
            ("AWS_DEFAULT_REGION", region.as_str()),
            // Nothing here leaves the machine; the SDK only insists on having some.
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_SESSION_TOKEN", "local"),
        ];
        let mut environment: BTreeMap<_, _> =
            fixed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if let Some(url) = self.service_url {
            environment.insert("AWS_ENDPOINT_URL_SFN".to_owned(), url);
        }
        let random = Random::seeded(RandomState::new().hash_one(()));
        let inner = Inner {
            functions: self.functions,
            environment,
            region,
            account: "123456789012".to_owned(),
            logs: self.logs,
            clock: RealClock::new(),
            state: Mutex::new(Kept { idle: BTreeMap::new(), random, is_shut_down: false }),
        };
        ProcessPool { inner: Arc::new(inner) }
    }
}

impl ProcessPool {
    /// A pool to be filled with functions.
    pub fn builder() -> PoolBuilder {
        PoolBuilder::default()
    }

    /// Ends all idle processes; those at work end with their invocation.
    pub fn shut_down(&self) {
        let mut kept = self.inner.kept();
        kept.is_shut_down = true;
        kept.idle.clear();
    }
}

impl Inner {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn invoke(&self, invocation: Invocation) -> Result<Value, TaskFailure> {
        let Some(spec) = self.functions.get(&invocation.function) else {
            return Err(not_found(&invocation.function));
        };
        let mut process = match self.idle(&invocation.function) {
            Some(process) => process,
            None => Process::spawn(&invocation.function, spec, &self.environment, self.logs.as_ref())
                .await
                .map_err(|error| cannot_start(spec, &error))?,
        };
        let now = self.clock.now();
        let work = Work {
            request_id: self.kept().random.uuid(),
            function_arn: format!("arn:aws:lambda:{}:{}:function:{}", self.region, self.account, spec.name),
            deadline: now.after(spec.timeout),
            payload: invocation.payload.to_string(),
        };
        match process.invoke(work, now).await {
            Verdict::Answered(reply) => {
                self.keep(invocation.function, process);
                read(reply)
            }
            Verdict::Lost(reply) => read(reply),
        }
    }

    fn idle(&self, function: &str) -> Option<Process> {
        let mut kept = self.kept();
        let idle = kept.idle.get_mut(function)?;
        std::iter::from_fn(|| idle.pop()).find_map(|mut process| process.is_alive().then_some(process))
    }

    fn keep(&self, function: String, process: Process) {
        let mut kept = self.kept();
        if !kept.is_shut_down {
            kept.idle.entry(function).or_default().push(process);
        }
    }
}

impl Functions for ProcessPool {
    fn names(&self) -> Vec<&str> {
        self.inner.functions.keys().map(String::as_str).collect()
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'static, Result<Value, TaskFailure>> {
        let inner = Arc::clone(&self.inner);
        async move { inner.invoke(invocation).await }.boxed()
    }
}

/// What the execution sees of a reply. An error's cause is the body, byte for byte.
fn read(reply: Reply) -> Result<Value, TaskFailure> {
    match reply {
        Reply::Response(body) => serde_json::from_slice(&body).map_err(|error| {
            TaskFailure::new("Lambda.Unknown", format!("the function's response is not JSON: {error}"))
        }),
        Reply::Error(body) => {
            let parsed: Option<Value> = serde_json::from_slice(&body).ok();
            let named = parsed.as_ref().and_then(|it| it.get("errorType")).and_then(Value::as_str);
            Err(TaskFailure::new(named.unwrap_or("Lambda.Unknown"), String::from_utf8_lossy(&body)))
        }
    }
}

fn cannot_start(spec: &FunctionSpec, error: &std::io::Error) -> TaskFailure {
    let cause = format!("cannot start `{}`: {error}", spec.program.display());
    TaskFailure::new("Runtime.InvalidEntrypoint", cause)
}

impl fmt::Debug for ProcessPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.inner.functions.keys()).finish()
    }
}

impl fmt::Debug for PoolBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.functions.keys()).finish()
    }
}
