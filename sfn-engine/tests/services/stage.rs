//! A machine of one Task, run on the services under test.
//! Separate because every test of this suite begins so.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sfn_engine::Value;
use sfn_engine::core::{Machine, Status};
use sfn_engine::driver::{Engine, ExecutionHandle, Outcome, Start, TaskRunner, VirtualClock};

/// An engine that seeds and dates everything alike.
pub(crate) fn engine(runner: impl TaskRunner) -> Engine {
    Engine::builder(runner).clock(VirtualClock::at_epoch()).seed(1).spawn()
}

/// A machine whose only State is a Task with these fields.
pub(crate) fn task(fields: &Json) -> Arc<Machine> {
    let mut state = json!({ "Type": "Task", "End": true });
    let object = state.as_object_mut().expect("an object");
    object.extend(fields.as_object().expect("fields").clone());
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "Work", "States": { "Work": state } });
    Arc::new(definition.to_string().parse().expect("a machine"))
}

pub(crate) fn start(engine: &Engine, machine: &Arc<Machine>) -> ExecutionHandle {
    engine.start(machine, Start::default().of("Orders").named("one")).expect("it starts")
}

/// Runs a Task of a resource with arguments.
pub(crate) async fn run(runner: impl TaskRunner, resource: &str, arguments: Json) -> Arc<Outcome> {
    let machine = task(&json!({ "Resource": resource, "Arguments": arguments }));
    start(&engine(runner), &machine).finished().await
}

/// Lets the engine do all that it can do without time passing.
pub(crate) async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

/// Its output, or error and cause.
pub(crate) fn result(outcome: &Arc<Outcome>) -> Result<Json, (String, String)> {
    let text = |part: &Option<Arc<str>>| part.as_deref().unwrap_or_default().to_owned();
    match &outcome.status {
        Status::Succeeded(output) => Ok(output.into()),
        Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault) => {
            Err((text(&fault.error), text(&fault.cause)))
        }
    }
}

pub(crate) fn event_types(outcome: &Arc<Outcome>) -> Vec<&'static str> {
    outcome.history.iter().map(sfn_engine::history::HistoryEvent::event_type).collect()
}

pub(crate) fn value(json: Json) -> Value {
    json.into()
}
