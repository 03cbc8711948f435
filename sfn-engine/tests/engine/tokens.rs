//! Wait for Callback: results, failures, heartbeats and timeouts of tasks whose answer comes from outside.
//! Separate because somebody has to act from outside while the execution is running.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sfn_asl::Value;
use sfn_engine::Timestamp;
use sfn_engine::core::Status;
use sfn_engine::driver::{
    Engine, ExecutionHandle, Observation, Observed, Start, TaskFailure, TaskRequest, TokenError, VirtualClock,
};
use sfn_engine::history::HistoryEvent;
use tokio::sync::mpsc;

use crate::stage::{fault, load, value};

/// An execution that waits for its Task Token.
struct Waiting {
    engine: Engine,
    clock: VirtualClock,
    execution: ExecutionHandle,
    token: Arc<str>,
}

async fn waiting(more: serde_json::Value) -> Waiting {
    let mut state = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": { "Payload": "{% $states.context.Task.Token %}" },
        "End": true
    });
    state.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let caught = json!({ "Type": "Pass", "Output": "caught", "End": true });
    let definition =
        json!({ "QueryLanguage": "JSONata", "StartAt": "Ask", "States": { "Ask": state, "Caught": caught } });

    let (sender, mut tokens) = mpsc::unbounded_channel();
    let clock = VirtualClock::starting(Timestamp::default());
    let engine = Engine::builder(async |_: TaskRequest| Ok(Value::from("submitted")))
        .clock(clock.clone())
        .observer(move |observation: Observation| {
            if let Observed::WaitingForToken { token, .. } = observation.what {
                sender.send(token).expect("the test listens");
            }
        })
        .spawn();
    let execution = engine.start(&load(&definition), Start::default()).expect("it starts");
    let token = tokens.recv().await.expect("a token is given out");
    Waiting { engine, clock, execution, token }
}

async fn status(waiting: &Waiting) -> Status {
    waiting.execution.finished().await.status.clone()
}

#[tokio::test]
async fn the_result_comes_with_the_token_and_stands_bare() {
    let waiting = waiting(json!({})).await;
    waiting
        .engine
        .send_task_success(&waiting.token, value(json!({ "ok": true })))
        .await
        .expect("the token is good");
    assert_eq!(status(&waiting).await, Status::Succeeded(value(json!({ "ok": true }))));
}

#[tokio::test]
async fn the_history_tells_of_the_request_and_of_the_result() {
    let waiting = waiting(json!({})).await;
    // On one thread the engine takes the runner's answer before this test gets to run on.
    waiting.engine.send_task_success(&waiting.token, Value::from(1)).await.expect("the token is good");
    let outcome = waiting.execution.finished().await;
    let events: Vec<_> = outcome.history.iter().map(HistoryEvent::event_type).collect();
    assert_eq!(events[2..6], ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
}

#[tokio::test]
async fn a_failure_comes_with_the_token_too() {
    let waiting = waiting(json!({})).await;
    let failure = TaskFailure::new("Refused", "no");
    waiting.engine.send_task_failure(&waiting.token, failure).await.expect("the token is good");
    assert_eq!(status(&waiting).await, Status::Failed(fault("Refused", "no")));
}

#[tokio::test]
async fn a_token_works_once_and_only_if_it_is_one() {
    let waiting = waiting(json!({})).await;
    let send = |token: String| {
        let engine = waiting.engine.clone();
        async move { engine.send_task_success(&token, Value::Null).await }
    };
    assert_eq!(send("nonsense".to_owned()).await, Err(TokenError::Invalid));
    assert_eq!(send("0".repeat(64)).await, Err(TokenError::Unknown));
    assert_eq!(send(waiting.token.to_string()).await, Ok(()));
    assert_eq!(send(waiting.token.to_string()).await, Err(TokenError::TimedOut));
}

#[tokio::test]
async fn time_stands_still_while_somebody_may_come_with_the_token() {
    let waiting = waiting(json!({ "TimeoutSeconds": 60 })).await;
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting.execution.outcome(), None);
    waiting.clock.advance(Duration::from_mins(1));
    let timed_out = sfn_engine::history::Fault { error: Some("States.Timeout".into()), cause: None };
    assert_eq!(status(&waiting).await, Status::Failed(timed_out));
    assert_eq!(
        waiting.engine.send_task_success(&waiting.token, Value::Null).await,
        Err(TokenError::TimedOut)
    );
}

#[tokio::test]
async fn a_task_that_never_answers_times_out() {
    let task = json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 30,
        "Retry": [{ "ErrorEquals": ["States.Timeout"], "MaxAttempts": 1, "IntervalSeconds": 5 }],
        "Catch": [{ "ErrorEquals": ["States.Timeout"], "Next": "Late" }], "End": true
    });
    let late = json!({ "Type": "Succeed" });
    let definition =
        json!({ "QueryLanguage": "JSONata", "StartAt": "Hang", "States": { "Hang": task, "Late": late } });
    let engine = Engine::builder(|_: TaskRequest| std::future::pending())
        .clock(VirtualClock::scripted(Timestamp::default()))
        .spawn();
    let outcome = engine.start(&load(&definition), Start::default()).expect("it starts").finished().await;
    let error_output = json!({ "Error": "States.Timeout", "Cause": "" });
    assert_eq!(outcome.status, Status::Succeeded(value(error_output)));
    assert_eq!(outcome.started.until(outcome.ended), Duration::from_secs(65));
    assert_eq!(outcome.history[4].event_type(), "TaskTimedOut");
}

#[tokio::test]
async fn a_task_may_complete_its_own_token_while_it_runs() {
    let task = json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 30, "End": true
    });
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "Ask", "States": { "Ask": task } });
    let own = Arc::new(std::sync::OnceLock::<Engine>::new());
    let engine = Arc::clone(&own);
    let runner = move |request: TaskRequest| {
        let engine = engine.get().cloned().expect("the engine is known by now");
        async move {
            let token = request.token.expect("a token in Wait for Callback");
            engine.send_task_success(&token, Value::from("mine")).await.expect("the token is good");
            Ok(Value::Null)
        }
    };
    let engine = Engine::builder(runner).clock(VirtualClock::scripted(Timestamp::default())).spawn();
    own.set(engine.clone()).expect("nobody else sets it");
    let outcome = engine.start(&load(&definition), Start::default()).expect("it starts").finished().await;
    assert_eq!(outcome.status, Status::Succeeded(Value::from("mine")));
}

#[tokio::test]
async fn heartbeats_keep_a_task_alive() {
    let waiting = waiting(json!({ "HeartbeatSeconds": 10 })).await;
    for _ in 0..3 {
        waiting.clock.advance(Duration::from_secs(9));
        waiting.engine.send_task_heartbeat(&waiting.token).await.expect("the task is alive");
    }
    waiting.engine.send_task_success(&waiting.token, Value::Null).await.expect("the task is alive");
    assert_eq!(status(&waiting).await, Status::Succeeded(Value::Null));
}

#[tokio::test]
async fn a_missed_heartbeat_is_a_timeout_that_only_its_own_name_tells_apart() {
    for (name, limits, expected) in [
        ("States.HeartbeatTimeout", json!({ "HeartbeatSeconds": 10 }), true),
        ("States.Timeout", json!({ "HeartbeatSeconds": 10 }), true),
        ("States.HeartbeatTimeout", json!({ "TimeoutSeconds": 10 }), false),
        ("States.TaskFailed", json!({ "HeartbeatSeconds": 10 }), false),
    ] {
        let mut more = limits;
        more["Catch"] = json!([{ "ErrorEquals": [name], "Next": "Caught" }]);
        let waiting = waiting(more).await;
        waiting.clock.advance(Duration::from_secs(10));
        let caught = status(&waiting).await == Status::Succeeded(Value::from("caught"));
        assert_eq!(caught, expected, "{name}");
    }
}

#[tokio::test]
async fn an_execution_can_be_found_and_stopped() {
    let waiting = waiting(json!({})).await;
    let found = waiting.engine.execution(waiting.execution.arn()).expect("it is known");
    found.stop(fault("Enough", "of this"));
    assert_eq!(status(&waiting).await, Status::Aborted(fault("Enough", "of this")));
}
