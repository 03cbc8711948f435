//! What an execution may consume: others go on beside it, and what it keeps is limited.
//! Separate because here definitions are hostile.

use std::time::Duration;

use serde_json::json;
use sfn_asl::Value;
use sfn_engine::Timestamp;
use sfn_engine::core::Status;
use sfn_engine::driver::{Engine, Start, TaskFailure, TaskRequest, VirtualClock};

use crate::stage::{fault, load, value};

fn engine() -> Engine {
    Engine::builder(|request: TaskRequest| async move { Ok::<_, TaskFailure>(request.arguments) })
        .seed(1)
        .spawn()
}

fn passing(output: &str) -> serde_json::Value {
    json!({ "QueryLanguage": "JSONata", "StartAt": "P",
        "States": { "P": { "Type": "Pass", "Output": output, "End": true } } })
}

/// The states of a loop that goes on until its counter has reached the input.
fn counting() -> serde_json::Value {
    json!({ "QueryLanguage": "JSONata", "StartAt": "Begin", "States": {
        "Begin": { "Type": "Pass", "Assign": { "n": 0 }, "Next": "More" },
        "More": { "Type": "Pass", "Assign": { "n": "{% $n + 1 %}" }, "Next": "Enough" },
        "Enough": { "Type": "Choice", "Default": "More",
            "Choices": [{ "Condition": "{% $n >= $states.context.Execution.Input %}", "Next": "Done" }] },
        "Done": { "Type": "Succeed", "Output": "{% $n %}" } } })
}

async fn run(engine: &Engine, definition: &serde_json::Value, input: serde_json::Value) -> Status {
    let execution = engine.start(&load(definition), Start::with_input(value(input))).expect("it starts");
    execution.finished().await.status.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_go_on_while_an_expression_takes_its_time() {
    let engine = engine();
    let endless = load(&passing("{% ($f := function() { $f() }; $f()) %}"));
    let hostile = engine.start(&endless, Start::default()).expect("it starts");
    let mut finished = 0;
    while hostile.outcome().is_none() {
        assert_eq!(
            run(&engine, &passing("{% $states.input & '!' %}"), json!("quick")).await,
            Status::Succeeded("quick!".into())
        );
        finished += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(finished > 8, "{finished} executions beside one that takes long");
    let Status::Failed(fault) = hostile.finished().await.status.clone() else { panic!("it is stopped") };
    assert_eq!(fault.error.as_deref(), Some("States.QueryEvaluationError"));
}

#[tokio::test]
async fn a_runner_that_panics_fails_its_task_and_nothing_else() {
    let engine = Engine::builder(|request: TaskRequest| {
        // Before there is a future, and inside of it.
        assert!(request.arguments.as_str() != Some("at once"), "at once");
        async move {
            assert!(request.arguments.as_str() != Some("later"), "later");
            Ok::<_, TaskFailure>(request.arguments)
        }
    })
    .spawn();
    let task = json!({ "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true } } });
    for when in ["at once", "later"] {
        let Status::Failed(fault) = run(&engine, &task, json!(when)).await else {
            panic!("{when}: it fails")
        };
        assert_eq!(fault.error.as_deref(), Some("Task.Panicked"), "{when}");
    }
    assert_eq!(run(&engine, &task, json!("well")).await, Status::Succeeded("well".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_failed_can_be_redriven_at_once() {
    let engine = engine();
    let failing = load(&json!({ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "No" } } }));
    for _ in 0..200 {
        let execution = engine.start(&failing, Start::default()).expect("it starts");
        execution.finished().await;
        assert!(execution.redrive().is_ok());
        execution.finished().await;
    }
}

#[tokio::test]
async fn a_long_loop_lets_others_pass() {
    let engine = engine();
    let long = engine.start(&load(&counting()), Start::with_input(value(json!(5_000)))).expect("it starts");
    assert_eq!(run(&engine, &counting(), json!(1)).await, Status::Succeeded(value(json!(1))));
    assert_eq!(long.outcome(), None, "the short one came first");
    assert_eq!(long.finished().await.status, Status::Succeeded(value(json!(5_000))));
}

#[tokio::test]
async fn what_happens_to_a_busy_execution_waits() {
    let engine = engine();
    let long =
        engine.start(&load(&counting()), Start::with_input(value(json!(1_000_000)))).expect("it starts");
    tokio::task::yield_now().await;
    long.stop(fault("Enough", "of this"));
    let outcome = long.finished().await;
    // It is stopped when its turn is over, or runs into the limit of its history before.
    assert!(!matches!(outcome.status, Status::Succeeded(_)), "{:?}", outcome.status);
    assert!((1..).zip(&outcome.history).all(|(id, event)| event.id == id));
}

#[tokio::test]
async fn slices_change_no_history() {
    let histories = async |definition: serde_json::Value| {
        let clock = VirtualClock::starting(Timestamp::default());
        let runner = |request: TaskRequest| async move { Ok::<_, TaskFailure>(request.arguments) };
        let engine = Engine::builder(runner).clock(clock).seed(7).spawn();
        let start = |name: &str| Start::with_input(value(json!(1_500))).named(name).of("M");
        let machine = load(&definition);
        let executions = ["a", "b"].map(|name| engine.start(&machine, start(name)).expect("it starts"));
        let mut histories = Vec::new();
        for execution in executions {
            histories.push(execution.finished().await.history.clone());
        }
        histories
    };
    let mut away = counting();
    away["States"]["Done"]["Output"] = json!("{% $sum([1..$n]) + $random() %}");
    for definition in [counting(), away] {
        assert_eq!(histories(definition.clone()).await, histories(definition).await);
    }
}

#[tokio::test]
async fn variables_have_room_for_ten_mebibytes() {
    let set = |count: usize| {
        let mut states = json!({ "End": { "Type": "Succeed" } });
        for index in 0..count {
            let next = if index + 1 == count { "End".to_owned() } else { format!("S{}", index + 1) };
            let name = format!("v{index}");
            let value = if index == 0 { "{% $states.input %}" } else { "{% $v0 %}" };
            states[format!("S{index}")] =
                json!({ "Type": "Pass", "Assign": { name: value }, "Output": null, "Next": next });
        }
        json!({ "QueryLanguage": "JSONata", "StartAt": "S0", "States": states })
    };
    let engine = engine();
    let input = json!("x".repeat(250_000));
    let Status::Failed(failed) = run(&engine, &set(44), input).await else { panic!("there is no more room") };
    assert_eq!(failed.error.as_deref(), Some("States.DataLimitExceeded"));
    let cause = failed.cause.unwrap_or_default();
    assert!(cause.contains("'S41'"), "41 Variables have room: {cause}");
    let together = json!({ "QueryLanguage": "JSONata", "StartAt": "S", "States": { "S": { "Type": "Pass", "End": true,
        "Assign": { "a": "{% $states.input %}", "b": "{% $states.input %}" } } } });
    let half = Value::from("x".repeat(131_070));
    let outcome =
        engine.start(&load(&together), Start::with_input(half)).expect("it starts").finished().await;
    assert!(matches!(outcome.status, Status::Succeeded(_)));
    let more = Value::from("x".repeat(131_073));
    let outcome =
        engine.start(&load(&together), Start::with_input(more)).expect("it starts").finished().await;
    assert!(matches!(&outcome.status, Status::Failed(_)));
}
