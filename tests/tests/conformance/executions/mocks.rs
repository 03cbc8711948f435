//! Plays back what tasks came to in a recording.
//! Separate because it is the task runner of this suite and nothing else.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock};

use futures_util::FutureExt;
use sfn_asl::Value;
use sfn_engine::core::ResourceKind;
use sfn_engine::driver::{Answer, Engine, Job, TaskFailure, TaskFuture, TaskRequest, TaskRunner};
use sfn_engine::history::Fault;

use super::case::{Case, MockOutcome};

pub(super) struct Mocks {
    /// By state, in the order of the attempts.
    outcomes: Mutex<BTreeMap<String, VecDeque<MockOutcome>>>,
    /// For recordings of concurrent tasks, which do not say whose outcome is whose: those of the history.
    any: Mutex<VecDeque<MockOutcome>>,
    /// What services answered to requests whose result came later.
    submitted: Mutex<VecDeque<Value>>,
    /// What the workers of Activities called themselves.
    workers: Mutex<VecDeque<Option<String>>>,
    /// Where results are brought that come with a Task Token.
    engine: Arc<OnceLock<Engine>>,
}

impl Mocks {
    pub(super) fn of(case: &Case, engine: Arc<OnceLock<Engine>>) -> Self {
        let mut outcomes: BTreeMap<String, VecDeque<MockOutcome>> = BTreeMap::new();
        for mock in &case.mocks {
            outcomes.entry(mock.state.clone()).or_default().push_back(mock.outcome.clone());
        }
        let any = if case.mocks.is_empty() { case.task_outcomes() } else { VecDeque::new() };
        let submitted = case.recorded("TaskSubmitted", "taskSubmittedEventDetails");
        let submitted = submitted.iter().map(|it| it.get("output").cloned().unwrap_or_default()).collect();
        let workers = case.recorded("ActivityStarted", "activityStartedEventDetails");
        let name = |it: &Value| it.get("workerName").and_then(Value::as_str).map(str::to_owned);
        let workers = workers.iter().map(name).collect();
        Self {
            outcomes: Mutex::new(outcomes),
            any: Mutex::new(any),
            submitted: Mutex::new(submitted),
            workers: Mutex::new(workers),
            engine,
        }
    }

    fn next_outcome(&self, state: &str) -> Option<MockOutcome> {
        let recorded = lock(&self.outcomes).get_mut(state).and_then(VecDeque::pop_front);
        recorded.or_else(|| lock(&self.any).pop_front())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics with the lock held")
}

impl TaskRunner for Mocks {
    fn run(&self, request: TaskRequest) -> TaskFuture {
        let outcome = self.next_outcome(&request.state);
        let Some(outcome) = outcome else {
            let failure = TaskFailure::new("NotRecorded", request.state.to_string());
            return std::future::ready(Err(failure)).boxed();
        };
        let Some(token) = request.token else { return play(outcome).map(|it| it.map(Answer::from)).boxed() };
        if *request.resource.kind() == ResourceKind::Activity {
            let (engine, worker) = (Arc::clone(&self.engine), lock(&self.workers).pop_front().flatten());
            let arn = request.resource.as_str().to_owned();
            return async move {
                if let Some(engine) = engine.get().cloned() {
                    let name = arn.rsplit(':').next().unwrap_or_default();
                    let activity = engine.create_activity(name).await.expect("the engine is there");
                    assert_eq!(*activity.arn, arn, "the engine is where the recording was made");
                    tokio::spawn(work(engine, arn, worker, outcome));
                }
                Ok(Answer::Worker)
            }
            .boxed();
        }
        let (engine, answer) = (Arc::clone(&self.engine), lock(&self.submitted).pop_front());
        async move {
            if let Some(engine) = engine.get().cloned() {
                tokio::spawn(bring(engine, token, outcome));
            }
            Ok(submitted(answer.unwrap_or_default()))
        }
        .boxed()
    }
}

/// What the runner itself answers.
async fn play(outcome: MockOutcome) -> Result<Value, TaskFailure> {
    if is_timeout(&outcome) {
        return std::future::pending().await;
    }
    if outcome.event_type.ends_with("Succeeded") {
        return Ok(outcome.output);
    }
    let cause = outcome.cause.map(text).unwrap_or_default();
    Err(TaskFailure::new(outcome.error.unwrap_or_default(), cause))
}

/// The request is taken; the result comes with the Task Token only, so that no job may end before it.
fn submitted(answer: Value) -> Answer {
    Answer::Job(Job { is_inside: true, ..Job::new(answer, std::future::pending()) })
}

/// A worker that asks for one task.
async fn work(engine: Engine, arn: String, worker: Option<String>, outcome: MockOutcome) {
    if let Ok(Some(task)) = engine.get_activity_task(&arn, worker.as_deref()).await {
        bring(engine, task.token, outcome).await;
    }
}

/// What comes later, with the Task Token. A token whose task is over meanwhile is none of our business.
async fn bring(engine: Engine, token: Arc<str>, outcome: MockOutcome) {
    if is_timeout(&outcome) {
        return;
    }
    let _ = if outcome.event_type.ends_with("Succeeded") {
        engine.send_task_success(&token, outcome.output).await
    } else {
        let fault =
            Fault { error: outcome.error.map(Into::into), cause: outcome.cause.map(|it| text(it).into()) };
        engine.send_task_fault(&token, fault).await
    };
}

fn is_timeout(outcome: &MockOutcome) -> bool {
    outcome.event_type.ends_with("TimedOut")
}

/// Recordings show texts parsed that are JSON.
fn text(cause: Value) -> String {
    match cause {
        Value::String(text) => text.to_string(),
        parsed => parsed.to_string(),
    }
}
