//! A stage for plays: runs a definition on a virtual clock with tasks that answer as told, and keeps what was seen.
//! Separate because several test files put their cases on it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sfn_asl::Value;
use sfn_engine::Timestamp;
use sfn_engine::core::Machine;
use sfn_engine::driver::{
    Engine, Observation, Observed, Outcome, Start, TaskFailure, TaskRequest, VirtualClock,
};
use sfn_engine::history::{Fault, HistoryEvent};

/// What a task comes to.
pub(crate) type Answer = Result<Value, TaskFailure>;

#[expect(clippy::unnecessary_wraps, reason = "an answer beside `fails`")]
pub(crate) fn succeeds(output: serde_json::Value) -> Answer {
    Ok(output.into())
}

pub(crate) fn fails(error: &str, cause: &str) -> Answer {
    Err(TaskFailure::new(error, cause))
}

pub(crate) fn fault(error: &str, cause: &str) -> Fault {
    Fault { error: Some(error.into()), cause: Some(cause.into()) }
}

pub(crate) fn value(json: serde_json::Value) -> Value {
    json.into()
}

pub(crate) fn load(definition: &serde_json::Value) -> Arc<Machine> {
    Arc::new(definition.to_string().parse().expect("the definition runs"))
}

/// An execution that is over.
pub(crate) struct Play {
    pub(crate) outcome: Arc<Outcome>,
    pub(crate) observed: Vec<Observed>,
}

impl Play {
    /// Runs a definition; its tasks take the answers in turn.
    pub(crate) fn of(definition: &serde_json::Value, input: serde_json::Value, answers: &[Answer]) -> Self {
        Self::seeded(1, definition, input, answers)
    }

    pub(crate) fn seeded(
        seed: u64,
        definition: &serde_json::Value,
        input: serde_json::Value,
        answers: &[Answer],
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(Self::act(seed, load(definition), input.into(), answers))
    }

    async fn act(seed: u64, machine: Arc<Machine>, input: Value, answers: &[Answer]) -> Self {
        let answers = Mutex::new(answers.iter().cloned().collect::<VecDeque<_>>());
        let runner = move |request: TaskRequest| {
            let answer = answers.lock().expect("no poison").pop_front();
            async move { answer.unwrap_or_else(|| fails("NoAnswer", &request.state)) }
        };
        let observed = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&observed);
        let engine = Engine::builder(runner)
            .clock(VirtualClock::unattended(Timestamp::default()))
            .seed(seed)
            .observer(move |observation: Observation| notes.lock().expect("no poison").push(observation.what))
            .spawn();
        let execution = engine.start(&machine, Start::with_input(input).named("play")).expect("it starts");
        let outcome = execution.finished().await;
        let observed = std::mem::take(&mut *observed.lock().expect("no poison"));
        Self { outcome, observed }
    }

    pub(crate) fn events(&self) -> Vec<&'static str> {
        self.outcome.history.iter().map(HistoryEvent::event_type).collect()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.outcome.started.until(self.outcome.ended)
    }
}
