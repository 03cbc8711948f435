//! Distributed Maps: what children are, what is read, batched, tolerated and written, and how it all ends.
//! Separate because a Map Run is many executions, an object store and a data API at once.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::json;
use sfn_asl::Value;
use sfn_engine::Timestamp;
use sfn_engine::control::{Control, CreateStateMachine, Place, StartExecution};
use sfn_engine::core::Status;
use sfn_engine::driver::{
    Engine, ExecutionHandle, MapRunDescription, MapRunError, MapRunStatus, MapRunUpdate, Outcome, Start,
    TaskFailure, TaskRequest, VirtualClock,
};
use sfn_engine::history::{Fault, HistoryEvent};
use sfn_engine::objects::{MemoryStore, Object, ObjectError, ObjectStore, ObjectSummary, Stored};

use crate::stage::{fault, load, value};

/// A distributed Map over the input, whose children run `processor`, with more fields.
fn distributed(processor: &serde_json::Value, fields: serde_json::Value) -> serde_json::Value {
    let mut processor = processor.clone();
    processor["ProcessorConfig"] = json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
    let mut map = fields;
    map["Type"] = json!("Map");
    map["Label"] = json!("Each");
    map["ItemProcessor"] = processor;
    map["End"] = json!(true);
    json!({ "QueryLanguage": "JSONata", "StartAt": "Map", "States": { "Map": map } })
}

/// What a child does: gives back what a template makes of its input.
fn giving(output: &str) -> serde_json::Value {
    json!({ "StartAt": "Give", "States": { "Give": { "Type": "Pass", "Output": output, "End": true } } })
}

/// What a child does: gives its input back, or fails if that is negative.
fn failing_below_zero() -> serde_json::Value {
    json!({ "StartAt": "Judge", "States": {
        "Judge": {
            "Type": "Choice",
            "Choices": [{ "Condition": "{% $states.input < 0 %}", "Next": "Refuse" }],
            "Default": "Take"
        },
        "Take": { "Type": "Pass", "End": true },
        "Refuse": { "Type": "Fail", "Error": "Negative", "Cause": "{% $string($states.input) %}" }
    } })
}

/// An engine on a virtual clock whose tasks never answer.
fn engine(objects: impl ObjectStore) -> Engine {
    let runner = |_: TaskRequest| std::future::pending::<Result<Value, TaskFailure>>();
    let clock = VirtualClock::unattended(Timestamp::from_millis(1_700_000_000_000));
    Engine::builder(runner).clock(clock).objects(objects).seed(1).spawn()
}

struct Play {
    engine: Engine,
    execution: ExecutionHandle,
    outcome: Arc<Outcome>,
}

async fn play(definition: &serde_json::Value, input: serde_json::Value, objects: impl ObjectStore) -> Play {
    let engine = engine(objects);
    let start = Start::with_input(input.into()).named("play").of("Machine");
    let execution = engine.start(&load(definition), start).expect("it starts");
    let outcome = execution.finished().await;
    Play { engine, execution, outcome }
}

impl Play {
    fn events(&self) -> Vec<&'static str> {
        self.outcome.history.iter().map(HistoryEvent::event_type).collect()
    }

    async fn map_run(&self) -> MapRunDescription {
        let mut runs = self.engine.map_runs(self.execution.arn()).await;
        assert_eq!(runs.len(), 1, "one Map State, one Map Run");
        runs.remove(0)
    }

    /// How the children ended, in their order.
    async fn children(&self) -> Vec<Status> {
        let children = self.engine.map_run_children(&self.map_run().await.arn).await;
        children.iter().map(|child| child.execution.outcome().expect("it is over").status.clone()).collect()
    }
}

fn succeeded(output: serde_json::Value) -> Status {
    Status::Succeeded(output.into())
}

async fn text(objects: &MemoryStore, bucket: &str, key: &str) -> String {
    let object = objects.get(bucket, key).await.unwrap_or_else(|error| panic!("{bucket}/{key}: {error}"));
    String::from_utf8(object.body).expect("results are text")
}

async fn holding(objects: &[(&str, &str)]) -> MemoryStore {
    let store = MemoryStore::new();
    for (key, body) in objects {
        let at = Timestamp::from_millis(1_600_000_000_999);
        store.put("data", key, body.as_bytes().to_vec(), at).await.expect("memory takes anything");
    }
    store
}

#[tokio::test]
async fn children_are_executions_with_names_of_their_own() {
    let processor = giving("{% $states.context %}");
    let play = play(&distributed(&processor, json!({})), json!(["a", "b"]), MemoryStore::new()).await;
    let run = play.map_run().await;
    let prefix = "arn:aws:states:us-east-1:123456789012";
    assert!(run.arn.starts_with(&format!("{prefix}:mapRun:Machine/Each:")), "{}", run.arn);
    let children = play.engine.map_run_children(&run.arn).await;
    assert_eq!(children.len(), 2);
    for (child, item) in children.iter().zip(["a", "b"]) {
        let arn = format!("{prefix}:execution:Machine/Each:{}", child.execution.name());
        assert_eq!((child.execution.arn(), child.items), (arn.as_str(), 1));
        let outcome = child.execution.outcome().expect("it is over");
        let types: Vec<_> = outcome.history.iter().map(HistoryEvent::event_type).collect();
        assert_eq!(types, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
        let Status::Succeeded(context) = &outcome.status else { panic!("{:?}", outcome.status) };
        let at = |path: &[&str]| path.iter().try_fold(context, |value, name| value.get(name)).cloned();
        assert_eq!(at(&["Execution", "Id"]), Some(Value::from(arn.as_str())));
        assert_eq!(at(&["Execution", "Input"]), Some(Value::from(item)));
        assert_eq!(
            at(&["StateMachine", "Id"]),
            Some(Value::from(format!("{prefix}:stateMachine:Machine/Each")))
        );
        assert_eq!(at(&["Map"]), None, "the item is for the Item Selector");
        let found = play.engine.map_run_child(&arn).await.expect("a child is found by its ARN");
        assert_eq!(found.execution.name(), child.execution.name());
    }
}

#[tokio::test]
async fn children_see_no_variables() {
    let mut definition = distributed(&giving("{% $exists($seen) %}"), json!({}));
    definition["StartAt"] = json!("Set");
    definition["States"]["Set"] = json!({ "Type": "Pass", "Assign": { "seen": 1 }, "Next": "Map" });
    let play = play(&definition, json!([0]), MemoryStore::new()).await;
    assert_eq!(play.outcome.status, succeeded(json!([false])));
}

#[tokio::test]
async fn the_item_selector_sees_the_item_and_the_state() {
    let selector = json!({
        "item": "{% $states.context.Map.Item %}", "extra": "{% $states.input.extra %}", "seen": "{% $seen %}"
    });
    let fields = json!({ "Items": "{% $states.input.items %}", "ItemSelector": selector });
    let mut definition = distributed(&giving("{% $states.input %}"), fields);
    definition["StartAt"] = json!("Set");
    definition["States"]["Set"] = json!({ "Type": "Pass", "Assign": { "seen": 1 }, "Next": "Map" });
    let check = async |items: serde_json::Value, expected: serde_json::Value| {
        let play = play(&definition, json!({ "items": items, "extra": 7 }), MemoryStore::new()).await;
        assert_eq!(play.outcome.status, succeeded(expected));
    };
    check(
        json!(["x"]),
        json!([{ "item": { "Index": 0, "Value": "x", "Source": "STATE_DATA" }, "extra": 7, "seen": 1 }]),
    )
    .await;
    check(
        json!({ "k": "v" }),
        json!([{
            "item": { "Index": 0, "Key": "k", "Value": { "Key": "k", "Value": "v" }, "Source": "STATE_DATA" },
            "extra": 7, "seen": 1
        }]),
    )
    .await;
}

#[tokio::test]
async fn a_selector_that_fails_fails_the_map_run() {
    let fields = json!({ "ItemSelector": "{% $states.context.Map.Item.Value > 1 ? $error('no') : 1 %}" });
    let play = play(&distributed(&giving("{% 1 %}"), fields), json!([1, 2, 3]), MemoryStore::new()).await;
    let Status::Failed(fault) = &play.outcome.status else { panic!("{:?}", play.outcome.status) };
    assert_eq!(fault.error.as_deref(), Some("States.QueryEvaluationError"));
    assert_eq!(play.events()[3..], ["MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed"]);
}

#[tokio::test]
async fn batches_hold_as_many_items_as_fit() {
    let check = async |batcher: serde_json::Value, expected: serde_json::Value| {
        let definition = distributed(&giving("{% $states.input %}"), json!({ "ItemBatcher": batcher }));
        let play = play(&definition, json!(["aa", "bb", "cc", "dd", "ee"]), MemoryStore::new()).await;
        assert_eq!(play.outcome.status, succeeded(expected), "{batcher}");
        let run = play.map_run().await;
        assert_eq!((run.items.total, run.items.succeeded), (5, 5));
        assert_eq!(run.executions.total, run.executions.succeeded);
    };
    let batches = |batches: &[&[&str]]| batches.iter().map(|items| json!({ "Items": items })).collect();
    check(json!({ "MaxItemsPerBatch": 2 }), batches(&[&["aa", "bb"], &["cc", "dd"], &["ee"]])).await;
    check(json!({ "MaxItemsPerBatch": "{% 9 %}" }), batches(&[&["aa", "bb", "cc", "dd", "ee"]])).await;
    // `{"Items":["aa","bb","cc"]}` is 26 bytes long.
    check(json!({ "MaxInputBytesPerBatch": 26 }), batches(&[&["aa", "bb", "cc"], &["dd", "ee"]])).await;
    check(json!({ "MaxInputBytesPerBatch": 25 }), batches(&[&["aa", "bb"], &["cc", "dd"], &["ee"]])).await;
    check(
        json!({ "MaxItemsPerBatch": 2, "MaxInputBytesPerBatch": 16 }),
        batches(&[&["aa"], &["bb"], &["cc"], &["dd"], &["ee"]]),
    )
    .await;
    check(
        json!({ "MaxItemsPerBatch": 4, "BatchInput": { "of": "{% $count($states.input) %}" } }),
        json!([
            { "BatchInput": { "of": 5 }, "Items": ["aa", "bb", "cc", "dd"] },
            { "BatchInput": { "of": 5 }, "Items": ["ee"] }
        ]),
    )
    .await;
}

#[tokio::test]
async fn so_many_may_fail_and_no_more() {
    let check = async |fields: serde_json::Value, items: serde_json::Value, is_tolerated: bool| {
        let play = play(&distributed(&failing_below_zero(), fields.clone()), items, MemoryStore::new()).await;
        let run = play.map_run().await;
        if is_tolerated {
            assert_eq!(run.status, MapRunStatus::Succeeded, "{fields}");
            assert!(matches!(play.outcome.status, Status::Succeeded(_)), "{fields}");
        } else {
            let cause = "The specified tolerated failure threshold was exceeded";
            let expected = fault("States.ExceedToleratedFailureThreshold", cause);
            assert_eq!((run.status, &play.outcome.status), (MapRunStatus::Failed, &Status::Failed(expected)));
            assert_eq!(
                play.events()[3..],
                ["MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed"]
            );
        }
    };
    check(json!({}), json!([1, 2]), true).await;
    check(json!({}), json!([1, -2]), false).await;
    check(json!({ "ToleratedFailureCount": 1 }), json!([1, -2]), true).await;
    check(json!({ "ToleratedFailureCount": 1 }), json!([-1, -2]), false).await;
    check(json!({ "ToleratedFailurePercentage": 50 }), json!([1, -2]), true).await;
    check(json!({ "ToleratedFailurePercentage": "{% 49.9 %}" }), json!([1, -2]), false).await;
    check(json!({ "ToleratedFailurePercentage": 100 }), json!([-1, -2]), true).await;
    check(json!({ "ToleratedFailureCount": 5, "ToleratedFailurePercentage": 10 }), json!([1, -2]), false)
        .await;
}

#[tokio::test]
async fn what_runs_when_too_many_fail_is_stopped_and_what_waits_never_begins() {
    let processor = json!({ "StartAt": "Judge", "States": {
        "Judge": {
            "Type": "Choice", "Default": "Linger",
            "Choices": [{ "Condition": "{% $states.input < 0 %}", "Next": "Pause" }]
        },
        "Pause": { "Type": "Wait", "Seconds": 5, "Next": "Refuse" },
        "Refuse": { "Type": "Fail", "Error": "Negative" },
        "Linger": { "Type": "Wait", "Seconds": 60, "End": true }
    } });
    let fields = json!({ "MaxConcurrency": 3, "Catch": [{
        "ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "Next": "Caught"
    }] });
    let mut definition = distributed(&processor, fields);
    definition["States"]["Caught"] = json!({ "Type": "Pass", "Output": "caught", "End": true });
    let play = play(&definition, json!([1, -1, 2, 3, 4]), MemoryStore::new()).await;
    assert_eq!(play.outcome.status, succeeded(json!("caught")));
    assert_eq!(play.outcome.started.until(play.outcome.ended), Duration::from_secs(5));
    let run = play.map_run().await;
    let items = (run.items.total, run.items.failed, run.items.aborted, run.items.pending, run.items.running);
    assert_eq!(items, (5, 1, 2, 2, 0));
    let stopped = Status::Aborted(Fault { error: None, cause: None });
    let refused = Status::Failed(Fault { error: Some("Negative".into()), cause: None });
    assert_eq!(play.children().await, [stopped.clone(), refused, stopped]);
}

#[tokio::test]
async fn results_are_the_outputs_in_order_and_failures_what_is_known_of_them() {
    let play = play(
        &distributed(&failing_below_zero(), json!({ "ToleratedFailureCount": 1 })),
        json!([3, -1, 2]),
        MemoryStore::new(),
    )
    .await;
    let Status::Succeeded(Value::Array(results)) = &play.outcome.status else {
        panic!("{:?}", play.outcome.status)
    };
    assert_eq!((&results[0], &results[2]), (&Value::from(3), &Value::from(2)));
    let text = |name: &str| results[1].get(name).and_then(Value::as_str);
    assert_eq!(
        (text("Status"), text("Error"), text("Cause")),
        (Some("FAILED"), Some("Negative"), Some("-1"))
    );
    assert_eq!((text("Input"), text("Output")), (Some("-1"), None));
}

#[tokio::test]
async fn results_may_be_shaped_without_being_written() {
    let check = async |config: serde_json::Value, expected: serde_json::Value| {
        let fields = json!({ "ResultWriter": { "WriterConfig": config } });
        let definition = distributed(&giving("{% $states.input %}"), fields);
        let play = play(&definition, json!([[1, 2], 3, [[4]]]), MemoryStore::new()).await;
        assert_eq!(play.outcome.status, succeeded(expected), "{config}");
    };
    check(json!({ "Transformation": "COMPACT", "OutputType": "JSON" }), json!([[1, 2], 3, [[4]]])).await;
    check(json!({ "Transformation": "FLATTEN", "OutputType": "JSON" }), json!([1, 2, 3, [4]])).await;
    check(json!({ "Transformation": "FLATTEN", "OutputType": "JSONL" }), json!("1\n2\n3\n[4]\n")).await;
}

#[tokio::test]
async fn results_are_written_by_how_the_children_ended() {
    let fields = json!({
        "MaxConcurrency": 1, "ToleratedFailureCount": 1,
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Arguments": { "Bucket": "results", "Prefix": "{% 'jobs/' & $string($count($states.input)) %}" }
        },
        "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Caught" }]
    });
    let mut definition = distributed(&failing_below_zero(), fields);
    definition["States"]["Caught"] = json!({ "Type": "Pass", "Output": "caught", "End": true });
    let objects = MemoryStore::new();
    let play = play(&definition, json!([7, -1, -2, 8]), objects.clone()).await;
    assert_eq!(play.outcome.status, succeeded(json!("caught")));

    let run = play.map_run().await;
    let id = run.arn.rsplit(':').next().expect("an ARN has parts").to_owned();
    let folder = format!("jobs/4/{id}");
    let manifest: serde_json::Value =
        serde_json::from_str(&text(&objects, "results", &format!("{folder}/manifest.json")).await)
            .expect("JSON");
    let mut sizes = Vec::new();
    for kind in ["FAILED", "PENDING", "SUCCEEDED"] {
        sizes.push(text(&objects, "results", &format!("{folder}/{kind}_0.json")).await.len());
    }
    let file = |kind: &str, size: usize| json!([{ "Key": format!("{folder}/{kind}_0.json"), "Size": size }]);
    assert_eq!(
        manifest,
        json!({
            "DestinationBucket": "results", "MapRunArn": *run.arn,
            "ResultFiles": {
                "FAILED": file("FAILED", sizes[0]), "PENDING": file("PENDING", sizes[1]),
                "SUCCEEDED": file("SUCCEEDED", sizes[2])
            }
        })
    );
    let read = async |kind: &str| -> serde_json::Value {
        let body = text(&objects, "results", &format!("{folder}/{kind}_0.json")).await;
        serde_json::from_str(&body).expect("a result file is JSON")
    };
    let included = json!({ "Included": true });
    assert_eq!(
        read("PENDING").await,
        json!([{ "Input": "8", "InputDetails": included, "Status": "PENDING" }])
    );
    let children = play.engine.map_run_children(&run.arn).await;
    let at = play.outcome.started.to_string();
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:Machine/Each";
    assert_eq!(
        read("SUCCEEDED").await,
        json!([{
            "ExecutionArn": children[0].execution.arn(), "Input": "7", "InputDetails": included,
            "Name": children[0].execution.name(), "Output": "7", "OutputDetails": included,
            "RedriveCount": 0, "RedriveStatus": "NOT_REDRIVABLE",
            "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
            "StartDate": at, "StateMachineArn": machine, "Status": "SUCCEEDED", "StopDate": at
        }])
    );
    let failed = read("FAILED").await;
    assert_eq!(
        failed[0],
        json!({
            "Cause": "-1", "Error": "Negative", "ExecutionArn": children[1].execution.arn(), "Input": "-1",
            "InputDetails": included, "Name": children[1].execution.name(), "RedriveCount": 0,
            "RedriveStatus": "REDRIVABLE_BY_MAP_RUN", "StartDate": at, "StateMachineArn": machine,
            "Status": "FAILED", "StopDate": at
        })
    );
    assert_eq!(failed.as_array().map(Vec::len), Some(2));
    assert_eq!((run.items.results_written, run.executions.results_written), (3, 3));
}

#[tokio::test]
async fn written_results_may_be_outputs_line_by_line() {
    let fields = json!({ "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject", "Arguments": { "Bucket": "results" },
        "WriterConfig": { "Transformation": "FLATTEN", "OutputType": "JSONL" }
    } });
    let objects = MemoryStore::new();
    let play =
        play(&distributed(&giving("{% $states.input %}"), fields), json!([[1], 2]), objects.clone()).await;
    let run = play.map_run().await;
    let id = run.arn.rsplit(':').next().expect("an ARN has parts").to_owned();
    let details = json!({ "Bucket": "results", "Key": format!("{id}/manifest.json") });
    assert_eq!(
        play.outcome.status,
        succeeded(json!({ "MapRunArn": *run.arn, "ResultWriterDetails": details }))
    );
    assert_eq!(text(&objects, "results", &format!("{id}/SUCCEEDED_0.jsonl")).await, "1\n2\n");
}

/// A store that keeps nothing.
struct Full;

impl ObjectStore for Full {
    fn get(&self, _: &str, key: &str) -> Stored<Object> {
        std::future::ready(Err(ObjectError::NoSuchKey { key: key.to_owned() })).boxed()
    }

    fn put(&self, _: &str, _: &str, _: Vec<u8>, _: Timestamp) -> Stored<ObjectSummary> {
        std::future::ready(Err(ObjectError::Unavailable("the disk is full".to_owned()))).boxed()
    }

    fn list(&self, _: &str, _: &str) -> Stored<Vec<ObjectSummary>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }
}

#[tokio::test]
async fn results_that_cannot_be_written_fail_the_map_run() {
    let fields = json!({ "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject", "Arguments": { "Bucket": "results" }
    } });
    let play = play(&distributed(&giving("{% 1 %}"), fields), json!([1]), Full).await;
    let expected = fault("States.ResultWriterFailed", "the disk is full (Bucket: results)");
    assert_eq!(play.outcome.status, Status::Failed(expected));
    assert_eq!(play.map_run().await.items.results_written, 0);
}

/// A store that panics, at once or later.
struct Broken;

impl ObjectStore for Broken {
    fn get(&self, _: &str, _: &str) -> Stored<Object> {
        async { panic!("torn page") }.boxed()
    }

    fn put(&self, _: &str, _: &str, _: Vec<u8>, _: Timestamp) -> Stored<ObjectSummary> {
        panic!("no ink")
    }

    fn list(&self, _: &str, _: &str) -> Stored<Vec<ObjectSummary>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }
}

#[tokio::test]
async fn a_store_that_panics_fails_the_map_run_and_nothing_else() {
    let at = |key: &str| json!({ "Bucket": "shop", "Key": key });
    let writer =
        json!({ "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Arguments": at("") } });
    let reader = json!({ "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" }, "Arguments": at("a.json")
    } });
    for (fields, error, said) in
        [(writer, "States.ResultWriterFailed", "no ink"), (reader, "States.ItemReaderFailed", "torn page")]
    {
        let play = play(&distributed(&giving("{% 1 %}"), fields), json!([1]), Broken).await;
        let Status::Failed(fault) = &play.outcome.status else { panic!("{error}: it fails") };
        assert_eq!(fault.error.as_deref(), Some(error));
        assert!(fault.cause.as_deref().is_some_and(|cause| cause.contains(said)), "{fault:?}");
    }
}

#[tokio::test]
async fn what_nobody_can_ask_about_any_more_is_let_go() {
    let clock = VirtualClock::at_epoch();
    let runner = |_: TaskRequest| std::future::pending::<Result<Value, TaskFailure>>();
    let control = Control::new(Engine::builder(runner).clock(clock.clone()).seed(1).spawn());
    let definition = distributed(&giving("{% 1 %}"), json!({})).to_string();
    let role = "arn:aws:iam::123456789012:role/test";
    let create = CreateStateMachine::new("Each", &definition, role);
    let machine =
        control.create_state_machine(&Place::default(), create).expect("it is created").arn.to_string();
    let run = async |name: &str| {
        let (machine, name, input) = (machine.clone(), Some(name.to_owned()), Some("[1, 2]".to_owned()));
        let start = StartExecution { machine, name, input, ..StartExecution::default() };
        let arn = control.start_execution(start).expect("it starts").arn;
        control.finished(&arn).await.expect("it is known");
        arn
    };
    let engine = control.engine();
    let one = run("one").await;
    let [map_run] = &engine.map_runs(&one).await[..] else { panic!("one Map Run") };
    let children = engine.map_run_children(&map_run.arn).await;
    assert_eq!(children.len(), 2);
    clock.advance(Duration::from_hours(91 * 24));
    let two = run("two").await;
    assert_eq!(engine.map_runs(&two).await.len(), 1);
    assert!(control.describe_execution(&one).await.is_err(), "it is forgotten");
    assert!(engine.map_runs(&one).await.is_empty());
    assert!(engine.map_run(&map_run.arn).await.is_none());
    assert!(engine.map_run_child(children[0].execution.arn()).await.is_none());
    control.delete_state_machine(&machine).expect("it is deleted");
    while control.describe_state_machine(&machine).is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(engine.map_runs(&two).await.is_empty());
}

#[tokio::test]
async fn items_are_read_where_the_reader_says() {
    let inventory = r#"{
        "destinationBucket": "arn:aws:s3:::data", "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size",
        "files": [{ "key": "inventory/1.csv" }, { "key": "inventory/2.csv" }]
    }"#;
    let objects = holding(&[
        ("lines/1.jsonl", "{\"n\":1}\n{\"n\":2}\n"),
        ("lines/2.jsonl", "{\"n\":3}\n"),
        ("nested.json", "{\"a\":{\"b\":[1,2]}}"),
        ("table.txt", "x;y\n1;\"2;3\"\n"),
        ("inventory/manifest.json", inventory),
        ("inventory/1.csv", "\"data\",\"a.txt\",\"10\"\n"),
        ("inventory/2.csv", "\"data\",\"b.txt\",\"20\"\n"),
        ("athena/manifest.csv", "s3://data/lines/2.jsonl\ns3://data/lines/1.jsonl\n"),
    ])
    .await;
    let get = "arn:aws:states:::s3:getObject";
    let list = "arn:aws:states:::s3:listObjectsV2";
    let check = async |resource: &str, config: serde_json::Value, place: serde_json::Value, expected| {
        let mut arguments = place;
        arguments["Bucket"] = json!("data");
        let selector = json!({
            "v": "{% $states.context.Map.Item.Value %}", "s": "{% $states.context.Map.Item.Source %}"
        });
        let reader = json!({ "Resource": resource, "ReaderConfig": config, "Arguments": arguments });
        let fields = json!({ "ItemReader": reader, "ItemSelector": selector });
        let play =
            play(&distributed(&giving("{% $states.input %}"), fields), json!({}), objects.clone()).await;
        assert_eq!(play.outcome.status, succeeded(expected), "{reader}");
    };
    let item = |value: serde_json::Value, source: &str| json!({ "v": value, "s": source });
    let numbered =
        |number: i64, file: u8| item(json!({ "n": number }), &format!("S3://data/lines/{file}.jsonl"));

    let jsonl = json!({ "InputType": "JSONL" });
    let first = json!({ "Key": "lines/1.jsonl" });
    check(get, jsonl.clone(), first.clone(), json!([numbered(1, 1), numbered(2, 1)])).await;
    let limited = json!({ "InputType": "JSONL", "MaxItems": "{% 1 %}" });
    check(get, limited, first, json!([numbered(1, 1)])).await;
    check(
        get,
        json!({ "InputType": "JSON", "ItemsPointer": "/a/b" }),
        json!({ "Key": "nested.json" }),
        json!([item(json!(1), "S3://data/nested.json"), item(json!(2), "S3://data/nested.json")]),
    )
    .await;
    check(
        get,
        json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "SEMICOLON" }),
        json!({ "Key": "table.txt" }),
        json!([item(json!({ "x": "1", "y": "2;3" }), "S3://data/table.txt")]),
    )
    .await;
    let object = |key: &str, size: &str| json!({ "Bucket": "data", "Key": key, "Size": size });
    check(
        get,
        json!({ "InputType": "MANIFEST" }),
        json!({ "Key": "inventory/manifest.json" }),
        json!([
            item(object("a.txt", "10"), "S3://data/inventory/1.csv"),
            item(object("b.txt", "20"), "S3://data/inventory/2.csv")
        ]),
    )
    .await;
    check(
        get,
        json!({ "InputType": "JSONL", "ManifestType": "ATHENA_DATA" }),
        json!({ "Key": "athena/manifest.csv" }),
        json!([numbered(3, 2), numbered(1, 1), numbered(2, 1)]),
    )
    .await;
    let listed = json!({
        "Etag": "\"7c305433881f98d62a0328d492fe4804\"", "Key": "nested.json", "LastModified": 1_600_000_000,
        "Size": 17, "StorageClass": "STANDARD"
    });
    let play_list = json!({ "Prefix": "nest" });
    check(list, json!({}), play_list, json!([item(listed, "S3://data")])).await;
    check(list, json!({}), json!({ "Prefix": "nothing" }), json!([])).await;
    check(
        list,
        json!({ "InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN" }),
        json!({ "Prefix": "lines/" }),
        json!([numbered(1, 1), numbered(2, 1), numbered(3, 2)]),
    )
    .await;
    check(
        list,
        json!({ "InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN", "MaxItems": 2 }),
        json!({ "Prefix": "lines/" }),
        json!([numbered(1, 1), numbered(2, 1)]),
    )
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let objects = holding(&[("seven.json", "7"), ("broken.jsonl", "{\n")]).await;
    let check = async |config: serde_json::Value, bucket: &str, key: &str, expected: &str| {
        let arguments = json!({ "Bucket": bucket, "Key": key });
        let reader = json!({ "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, "Arguments": arguments });
        let definition = distributed(&giving("{% 1 %}"), json!({ "ItemReader": reader }));
        let play = play(&definition, json!({}), objects.clone()).await;
        assert_eq!(play.outcome.status, Status::Failed(fault("States.ItemReaderFailed", expected)));
        assert_eq!(
            play.events()[3..],
            ["MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed"]
        );
    };
    let json = json!({ "InputType": "JSON" });
    check(json.clone(), "data", "seven.json", "Attempting to map over non-iterable node.").await;
    check(
        json.clone(),
        "data",
        "none.json",
        "The specified key does not exist. (Bucket: data, Key: none.json)",
    )
    .await;
    check(json, "nowhere", "none.json", "The specified bucket does not exist (Bucket: nowhere)").await;
    check(
        json!({ "InputType": "JSONL" }),
        "data",
        "broken.jsonl",
        "Line 1 of the JSON Lines file is not valid JSON: EOF while parsing an object at line 1 column 1",
    )
    .await;
    check(
        json!({ "InputType": "JSON", "MaxItems": "{% -1 %}" }),
        "data",
        "seven.json",
        "field MaxItems must be positive",
    )
    .await;
}

#[tokio::test]
async fn what_this_engine_does_not_read_is_refused_before_it_runs() {
    let reader = json!({
        "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "PARQUET" },
        "Arguments": { "Bucket": "b", "Key": "k" }
    });
    let definition = distributed(&giving("{% 1 %}"), json!({ "ItemReader": reader }));
    let refused = definition.to_string().parse::<sfn_engine::core::Machine>().expect_err("it is refused");
    assert_eq!(
        refused.to_string(),
        "state `Map` has an ItemReader for PARQUET (convert the file to JSONL or CSV), which this engine does not run"
    );
}

#[tokio::test]
async fn no_more_children_run_than_may() {
    let processor = json!({ "StartAt": "Wait", "States": {
        "Wait": { "Type": "Wait", "Seconds": 10, "End": true }
    } });
    let check = async |limit: serde_json::Value, seconds: u64| {
        let definition = distributed(&processor, json!({ "MaxConcurrency": limit }));
        let play = play(&definition, json!([1, 2, 3, 4, 5]), MemoryStore::new()).await;
        assert_eq!(play.outcome.started.until(play.outcome.ended), Duration::from_secs(seconds), "{limit}");
    };
    check(json!(1), 50).await;
    check(json!("{% 2 %}"), 30).await;
    check(json!(0), 10).await;
}

/// A Map Run of five children that wait, two at a time, and the engine it runs on.
async fn underway() -> (Engine, ExecutionHandle, Arc<str>) {
    let runner = |_: TaskRequest| std::future::pending::<Result<Value, TaskFailure>>();
    let engine = Engine::builder(runner).clock(VirtualClock::at_epoch()).seed(1).spawn();
    let processor = json!({ "StartAt": "Ask", "States": { "Ask": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": true,
        "Arguments": { "FunctionName": "ask", "Payload": "{% $states.context.Task.Token %}" }
    } } });
    let definition = distributed(&processor, json!({ "MaxConcurrency": 2 }));
    let start = Start::with_input(value(json!([1, 2, 3, 4, 5])));
    let execution = engine.start(&load(&definition), start).expect("it starts");
    loop {
        tokio::task::yield_now().await;
        let runs = engine.map_runs(execution.arn()).await;
        if let Some(run) = runs.first().filter(|run| run.items.running > 0) {
            return (engine, execution, Arc::clone(&run.arn));
        }
    }
}

#[tokio::test]
async fn a_stopped_execution_stops_its_children() {
    let (engine, execution, arn) = underway().await;
    let run = engine.map_run(&arn).await.expect("it runs");
    assert_eq!((run.status, run.items.running, run.items.pending), (MapRunStatus::Running, 2, 3));
    execution.stop(fault("Enough", "really"));
    let outcome = execution.finished().await;
    assert_eq!(outcome.status, Status::Aborted(fault("Enough", "really")));
    let types: Vec<_> = outcome.history.iter().map(HistoryEvent::event_type).collect();
    assert_eq!(types[3..], ["MapRunStarted", "MapRunAborted", "MapStateAborted", "ExecutionAborted"]);
    for child in engine.map_run_children(&arn).await {
        let stopped = child.execution.finished().await;
        assert_eq!(stopped.status, Status::Aborted(Fault { error: None, cause: None }));
    }
    let run = engine.map_run(&arn).await.expect("it is over");
    assert_eq!((run.status, run.items.aborted, run.items.pending), (MapRunStatus::Aborted, 2, 3));
}

#[tokio::test]
async fn a_map_run_can_be_changed_while_it_runs() {
    let (engine, _execution, arn) = underway().await;
    let update = MapRunUpdate { max_concurrency: Some(4), ..MapRunUpdate::default() };
    engine.update_map_run(&arn, update).await.expect("it is there");
    let run = engine.map_run(&arn).await.expect("it runs");
    assert_eq!((run.limits.max_concurrency, run.items.running, run.items.pending), (4, 4, 1));
    assert_eq!(engine.update_map_run("arn:none", update).await, Err(MapRunError::DoesNotExist));
}

#[tokio::test]
async fn an_express_child_has_five_minutes() {
    let processor = json!({ "StartAt": "Wait", "States": {
        "Wait": { "Type": "Wait", "Seconds": "{% $states.input %}", "End": true }
    } });
    let mut definition = distributed(&processor, json!({ "ToleratedFailureCount": 1 }));
    definition["States"]["Map"]["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] = json!("EXPRESS");
    let play = play(&definition, json!([299, 301]), MemoryStore::new()).await;
    assert_eq!(play.outcome.started.until(play.outcome.ended), Duration::from_mins(5));
    let run = play.map_run().await;
    assert_eq!((run.items.succeeded, run.items.timed_out), (1, 1));
    for child in play.engine.map_run_children(&run.arn).await {
        let prefix = "arn:aws:states:us-east-1:123456789012:express:Machine/Each:";
        let ids = child.execution.arn().strip_prefix(prefix).expect("an Express ARN");
        assert_eq!(ids.split(':').count(), 2, "{ids}");
    }
}

#[tokio::test]
async fn maps_may_be_nested_either_way() {
    let doubling = distributed(&giving("{% $states.input * 2 %}"), json!({}));
    let all = json!({ "Type": "Map", "ItemProcessor": doubling, "End": true });
    let inline = json!({ "QueryLanguage": "JSONata", "StartAt": "All", "States": { "All": all } });
    let once = play(&inline, json!([[1, 2], [3]]), MemoryStore::new()).await;
    assert_eq!(once.outcome.status, succeeded(json!([[2, 4], [6]])));
    assert_eq!(once.engine.map_runs(once.execution.arn()).await.len(), 2);

    let twice = play(&distributed(&doubling, json!({})), json!([[1, 2], [3]]), MemoryStore::new()).await;
    assert_eq!(twice.outcome.status, succeeded(json!([[2, 4], [6]])));
    assert_eq!(twice.map_run().await.items.succeeded, 2);
}

#[tokio::test]
async fn a_map_run_over_nothing_is_over_at_once() {
    let play = play(&distributed(&giving("{% 1 %}"), json!({})), json!([]), MemoryStore::new()).await;
    assert_eq!(play.outcome.status, succeeded(json!([])));
    assert_eq!(play.events()[3..6], ["MapRunStarted", "MapRunSucceeded", "MapStateSucceeded"]);
}

#[tokio::test]
async fn the_history_of_a_parent_does_not_grow_with_its_items() {
    let items: Vec<u32> = (0..3_000).collect();
    let play =
        play(&distributed(&giving("{% $states.input %}"), json!({})), json!(items), MemoryStore::new()).await;
    assert_eq!(play.outcome.history.len(), 8);
    assert_eq!(play.map_run().await.executions.succeeded, 3_000);
}

#[tokio::test]
async fn a_retried_map_state_begins_a_new_map_run() {
    let retry = json!([{ "ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "MaxAttempts": 2 }]);
    let definition = distributed(&failing_below_zero(), json!({ "Retry": retry }));
    let play = play(&definition, json!([-1]), MemoryStore::new()).await;
    let runs = play.engine.map_runs(play.execution.arn()).await;
    assert_eq!(runs.len(), 3);
    assert!(runs.windows(2).all(|pair| pair[0].arn != pair[1].arn));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_children() {
    let definition = distributed(&giving("{% [$random(), $uuid()] %}"), json!({ "MaxConcurrency": 3 }));
    let once = async || {
        let play = play(&definition, json!([1, 2, 3, 4]), MemoryStore::new()).await;
        let arn = play.map_run().await.arn;
        let children = play.engine.map_run_children(&arn).await;
        let names: Vec<_> = children.iter().map(|child| child.execution.arn().to_owned()).collect();
        (serde_json::to_string(&play.outcome.history).expect("events are JSON"), names)
    };
    assert_eq!(once().await, once().await);
}

#[tokio::test]
async fn no_map_run_outlives_its_execution() {
    let waiting = json!({ "StartAt": "Wait", "States": {
        "Wait": { "Type": "Wait", "Seconds": 60, "End": true }
    } });
    let broken = json!({ "StartAt": "Break", "States": {
        "Break": { "Type": "Pass", "QueryLanguage": "JSONPath", "InputPath": "$.none", "End": true }
    } });
    let both =
        json!({ "Type": "Parallel", "Branches": [distributed(&waiting, json!({})), broken], "End": true });
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "Both", "States": { "Both": both } });
    let play = play(&definition, json!([1, 2]), MemoryStore::new()).await;
    let Status::Failed(fault) = &play.outcome.status else { panic!("{:?}", play.outcome.status) };
    assert_eq!(fault.error.as_deref(), Some("States.Runtime"), "nobody may catch it, so it ends all at once");
    while play.map_run().await.status == MapRunStatus::Running {
        tokio::task::yield_now().await;
    }
    let run = play.map_run().await;
    assert_eq!((run.status, run.items.aborted, run.items.running), (MapRunStatus::Aborted, 2, 0));
    assert_eq!(run.stopped, Some(play.outcome.ended), "the children did not run to their ends");
}
