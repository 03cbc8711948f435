//! Plays back what tasks came to in a recording.
//! Separate because it is the task runner of these tests and nothing else.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;
use sfn_engine::driver::{TaskFailure, TaskRequest, TaskRunner};

use crate::case::{Case, MockOutcome};

pub(crate) struct Mocks {
    /// By state, in the order of the attempts.
    outcomes: Mutex<BTreeMap<String, VecDeque<MockOutcome>>>,
    /// For recordings of concurrent tasks, which do not say whose outcome is whose: those of the history.
    any: Mutex<VecDeque<MockOutcome>>,
}

impl Mocks {
    pub(crate) fn of(case: &Case) -> Self {
        let mut outcomes: BTreeMap<String, VecDeque<MockOutcome>> = BTreeMap::new();
        for mock in &case.mocks {
            outcomes.entry(mock.state.clone()).or_default().push_back(mock.outcome.clone());
        }
        let any = if case.mocks.is_empty() { case.task_outcomes() } else { VecDeque::new() };
        Self { outcomes: Mutex::new(outcomes), any: Mutex::new(any) }
    }
}

impl TaskRunner for Mocks {
    fn run(&self, request: TaskRequest) -> BoxFuture<'static, Result<Value, TaskFailure>> {
        let mut outcomes = self.outcomes.lock().expect("no test panics with the lock held");
        let mut any = self.any.lock().expect("no test panics with the lock held");
        let outcome =
            outcomes.get_mut(&*request.state).and_then(VecDeque::pop_front).or_else(|| any.pop_front());
        async move {
            let outcome =
                outcome.ok_or_else(|| TaskFailure::new("NotRecorded", request.state.to_string()))?;
            if outcome.event_type.ends_with("Succeeded") {
                return Ok(outcome.output);
            }
            if outcome.event_type.ends_with("TimedOut") {
                return std::future::pending().await;
            }
            let cause = match outcome.cause {
                Some(Value::String(text)) => text.to_string(),
                Some(parsed) => parsed.to_string(),
                None => String::new(),
            };
            Err(TaskFailure::new(outcome.error.unwrap_or_default(), cause))
        }
        .boxed()
    }
}
