//! Redriven executions: what is done again, what stays done, and what the history says of it.
//! Separate because an execution must first end badly, and somebody must then ask for more.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use serde_json::json;
use sfn_asl::Value;
use sfn_engine::Timestamp;
use sfn_engine::core::Status;
use sfn_engine::driver::{
    Engine, ExecutionHandle, RedriveError, Start, TaskFailure, TaskRequest, VirtualClock,
};
use sfn_engine::history::HistoryEvent;
use sfn_engine::objects::MemoryStore;

use crate::stage::{fault, load, value};

/// An engine whose tasks fail as long as their names are on the list, and never answer while they are on the other.
pub(crate) struct Workshop {
    pub(crate) engine: Engine,
    broken: Arc<Mutex<HashSet<String>>>,
    slow: Arc<Mutex<HashSet<String>>>,
    done: Arc<Mutex<Vec<String>>>,
    pub(crate) execution: ExecutionHandle,
}

impl Workshop {
    fn start(definition: &serde_json::Value, broken: &[&str], slow: &[&str]) -> Self {
        Self::over(MemoryStore::new(), definition, broken, slow)
    }

    pub(crate) fn over(
        objects: MemoryStore,
        definition: &serde_json::Value,
        broken: &[&str],
        slow: &[&str],
    ) -> Self {
        let set = |names: &[&str]| {
            let names: HashSet<String> = names.iter().map(|it| (*it).to_owned()).collect();
            Arc::new(Mutex::new(names))
        };
        let (broken, slow) = (set(broken), set(slow));
        let done = Arc::new(Mutex::new(Vec::new()));
        let (list, waits, log) = (Arc::clone(&broken), Arc::clone(&slow), Arc::clone(&done));
        let runner = move |request: TaskRequest| {
            let name = request.arguments.as_str().map_or_else(|| request.state.to_string(), str::to_owned);
            let is_broken = list.lock().expect("no poison").contains(&name);
            let is_slow = waits.lock().expect("no poison").contains(&name);
            log.lock().expect("no poison").push(name.clone());
            async move {
                if is_slow {
                    std::future::pending::<()>().await;
                }
                if is_broken { Err(TaskFailure::new("Broken", name)) } else { Ok(Value::from(name)) }
            }
        };
        let clock = VirtualClock::scripted(Timestamp::default());
        let engine = Engine::builder(runner).clock(clock).objects(objects).seed(1).spawn();
        let start = Start::default().named("play").of("Machine");
        let execution = engine.start(&load(definition), start).expect("it starts");
        Self { engine, broken, slow, done, execution }
    }

    pub(crate) async fn status(&self) -> Status {
        self.execution.finished().await.status.clone()
    }

    pub(crate) fn mend(&self) {
        self.broken.lock().expect("no poison").clear();
        self.slow.lock().expect("no poison").clear();
    }

    /// What was done since the last time.
    pub(crate) fn done(&self) -> Vec<String> {
        std::mem::take(&mut *self.done.lock().expect("no poison"))
    }

    pub(crate) async fn events(&self) -> Vec<&'static str> {
        self.execution.finished().await.history.iter().map(HistoryEvent::event_type).collect()
    }
}

fn task() -> serde_json::Value {
    json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": "{% $states.context.State.Name %}" })
}

fn ending(mut state: serde_json::Value) -> serde_json::Value {
    state["End"] = json!(true);
    state
}

fn leading(mut state: serde_json::Value, next: &str) -> serde_json::Value {
    state["Next"] = json!(next);
    state
}

fn machine(start: &str, states: &serde_json::Value) -> serde_json::Value {
    json!({ "QueryLanguage": "JSONata", "StartAt": start, "States": states })
}

#[tokio::test]
async fn only_the_failed_state_is_done_again_and_the_history_goes_on() {
    let definition = machine("A", &json!({ "A": leading(task(), "B"), "B": ending(task()) }));
    let workshop = Workshop::start(&definition, &["B"], &[]);
    assert_eq!(workshop.status().await, Status::Failed(fault("Broken", "B")));
    assert_eq!(workshop.done(), ["A", "B"]);
    let before = workshop.events().await.len();

    workshop.execution.redrive().expect("it failed");
    assert_eq!(workshop.execution.outcome(), None);
    assert_eq!(workshop.status().await, Status::Failed(fault("Broken", "B")));
    workshop.mend();
    workshop.execution.redrive().expect("it failed again");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!("B"))));
    assert_eq!(workshop.done(), ["B", "B"]);
    assert_eq!(
        workshop.events().await[before..],
        [
            "ExecutionRedriven",
            "TaskScheduled",
            "TaskStarted",
            "TaskFailed",
            "ExecutionFailed",
            "ExecutionRedriven",
            "TaskScheduled",
            "TaskStarted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
    let ids: Vec<u64> = workshop.execution.finished().await.history.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
    assert_eq!(workshop.execution.redrive(), Err(RedriveError::NothingFailed));
}

#[tokio::test]
async fn retriers_start_anew() {
    let mut state = ending(task());
    state["Retry"] = json!([{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 2 }]);
    let workshop = Workshop::start(&machine("A", &json!({ "A": state })), &["A"], &[]);
    workshop.status().await;
    assert_eq!(workshop.done().len(), 3);
    workshop.execution.redrive().expect("it failed");
    workshop.status().await;
    assert_eq!(workshop.done().len(), 3);
}

#[tokio::test]
async fn branches_that_succeeded_are_left_alone() {
    let branch = |name: &str| json!({ "StartAt": name, "States": { name: ending(task()) } });
    let waiting = json!({ "StartAt": "Pause", "States": {
        "Pause": { "Type": "Wait", "Seconds": 60, "Next": "Slow" }, "Slow": ending(task()) } });
    let parallel = json!({ "Type": "Parallel", "End": true,
        "Branches": [branch("Good"), waiting, branch("Bad")] });
    let workshop = Workshop::start(&machine("All", &json!({ "All": parallel })), &["Bad"], &[]);
    assert_eq!(workshop.status().await, Status::Failed(fault("Broken", "Bad")));
    assert_eq!(workshop.done(), ["Good", "Bad"]);

    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!(["Good", "Slow", "Bad"]))));
    assert_eq!(workshop.done(), ["Bad", "Slow"]);
}

#[tokio::test]
async fn iterations_that_failed_or_never_began_are_run() {
    let map = json!({ "Type": "Map", "End": true, "Items": ["a", "b", "c", "d"], "MaxConcurrency": 1,
        "ItemProcessor": { "StartAt": "Do", "States": { "Do": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": "{% $states.input %}",
            "End": true } } } });
    let workshop = Workshop::start(&machine("Each", &json!({ "Each": map })), &["b"], &[]);
    workshop.status().await;
    assert_eq!(workshop.done(), ["a", "b"]);
    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!(["a", "b", "c", "d"]))));
    assert_eq!(workshop.done(), ["b", "c", "d"]);
}

#[tokio::test]
async fn what_was_given_up_deep_inside_goes_on_where_it_was() {
    let map = json!({ "Type": "Map", "End": true, "Items": ["x", "y"], "ItemProcessor": {
        "StartAt": "First", "States": {
            "First": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": "{% 'first-' & $states.input %}", "Output": "{% $states.input %}", "Next": "Second" },
            "Second": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": "{% 'second-' & $states.input %}", "End": true } } } });
    let failing = json!({ "StartAt": "Pause", "States": {
        "Pause": { "Type": "Wait", "Seconds": 5, "Next": "Bad" }, "Bad": ending(task()) } });
    let inner = json!({ "StartAt": "Each", "States": { "Each": map } });
    let parallel = json!({ "Type": "Parallel", "End": true, "Branches": [inner, failing] });
    let workshop = Workshop::start(&machine("All", &json!({ "All": parallel })), &["Bad"], &["second-x"]);
    assert_eq!(workshop.status().await, Status::Failed(fault("Broken", "Bad")));
    assert_eq!(workshop.done(), ["first-x", "first-y", "second-x", "second-y", "Bad"]);

    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    let expected = json!([["second-x", "second-y"], "Bad"]);
    assert_eq!(workshop.status().await, Status::Succeeded(value(expected)));
    assert_eq!(workshop.done(), ["Bad", "second-x"]);
}

#[tokio::test]
async fn a_state_whose_failure_was_handled_keeps_nothing_back() {
    let branch = |name: &str| json!({ "StartAt": name, "States": { name: ending(task()) } });
    let parallel = json!({ "Type": "Parallel", "Branches": [branch("Good"), branch("Bad")], "End": true,
        "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1 }] });
    let workshop = Workshop::start(&machine("All", &json!({ "All": parallel })), &["Bad"], &[]);
    workshop.status().await;
    assert_eq!(workshop.done(), ["Good", "Bad", "Good", "Bad"]);
    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    workshop.status().await;
    assert_eq!(workshop.done(), ["Bad"]);
}

#[tokio::test]
async fn a_stopped_execution_goes_on_too() {
    let mut state = ending(task());
    state["Arguments"] = json!("{% 'n' & $states.context.Execution.RedriveCount %}");
    let workshop = Workshop::start(&machine("A", &json!({ "A": state })), &[], &["n0"]);
    tokio::task::yield_now().await;
    workshop.execution.stop(fault("Enough", "of this"));
    assert_eq!(workshop.status().await, Status::Aborted(fault("Enough", "of this")));
    workshop.execution.redrive().expect("it was stopped");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!("n1"))));
}
