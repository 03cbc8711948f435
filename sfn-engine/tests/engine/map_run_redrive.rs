//! Redriven Map Runs: which children run again and how, and what the Map Run says of it.
//! Separate from other redrives because children are executions with histories of their own.

use serde_json::json;
use sfn_asl::Value;
use sfn_engine::Timestamp;
use sfn_engine::core::Status;
use sfn_engine::driver::{MapRunChild, MapRunDescription, MapRunStatus};
use sfn_engine::history::HistoryEvent;
use sfn_engine::objects::{MemoryStore, ObjectStore};

use crate::redrive::Workshop;
use crate::stage::{fault, value};

/// A distributed Map whose children do `first-<item>` and then `<item>`.
fn distributed(execution_type: &str, fields: serde_json::Value) -> serde_json::Value {
    let mut map = fields;
    map["Type"] = json!("Map");
    map["Label"] = json!("Each");
    map["End"] = json!(true);
    map["ItemProcessor"] = json!({
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": execution_type },
        "StartAt": "First", "States": {
            "First": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Second",
                "Arguments": "{% 'first-' & $states.input %}", "Output": "{% $states.input %}" },
            "Second": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                "Arguments": "{% $states.input %}" } } });
    json!({ "QueryLanguage": "JSONata", "StartAt": "Map", "States": { "Map": map } })
}

fn of_three() -> serde_json::Value {
    json!({ "Items": ["a", "b", "c"], "MaxConcurrency": 1 })
}

async fn map_run(workshop: &Workshop) -> MapRunDescription {
    let mut runs = workshop.engine.map_runs(workshop.execution.arn()).await;
    assert_eq!(runs.len(), 1, "a redrive starts no second Map Run");
    runs.remove(0)
}

async fn children(workshop: &Workshop) -> Vec<MapRunChild> {
    workshop.engine.map_run_children(&map_run(workshop).await.arn).await
}

fn threshold() -> Status {
    let cause = "The specified tolerated failure threshold was exceeded";
    Status::Failed(fault("States.ExceedToleratedFailureThreshold", cause))
}

#[tokio::test]
async fn only_what_did_not_succeed_runs_again_and_from_where_it_was() {
    let workshop = Workshop::over(MemoryStore::new(), &distributed("STANDARD", of_three()), &["b"], &[]);
    assert_eq!(workshop.status().await, threshold());
    assert_eq!(workshop.done(), ["first-a", "a", "first-b", "b"]);
    let before = workshop.events().await.len();
    let names = |children: &[MapRunChild]| -> Vec<String> {
        children.iter().map(|child| child.execution.arn().to_owned()).collect()
    };
    let ran = names(&children(&workshop).await);
    assert_eq!(map_run(&workshop).await.executions.failed, 1);

    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!(["a", "b", "c"]))));
    assert_eq!(workshop.done(), ["b", "first-c", "c"]);
    let events = workshop.events().await;
    assert_eq!(
        events[before..],
        [
            "ExecutionRedriven",
            "MapRunRedriven",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded"
        ]
    );
    let history = &workshop.execution.finished().await.history;
    let run = map_run(&workshop).await;
    let details = &json!(history[before + 1])["mapRunRedrivenEventDetails"];
    assert_eq!(*details, json!({ "mapRunArn": &*run.arn, "redriveCount": 1 }));

    assert_eq!((run.status, run.redrives, run.redriven.is_some()), (MapRunStatus::Succeeded, 1, true));
    assert_eq!((run.executions.succeeded, run.executions.failed, run.executions.total), (3, 0, 3));
    assert_eq!((run.items.succeeded, run.items.pending_redrive, run.items.running), (3, 0, 0));
    let children = children(&workshop).await;
    assert_eq!(names(&children)[..2], ran);
    assert_eq!(children.iter().map(|it| it.redrives).collect::<Vec<_>>(), [0, 1, 0]);
    let redriven = children[1].execution.history().await;
    let types: Vec<_> = redriven.iter().map(HistoryEvent::event_type).collect();
    assert_eq!(types[types.len() - 6..][..2], ["ExecutionRedriven", "TaskScheduled"]);
    assert!((1..).zip(&redriven).all(|(id, event)| event.id == id), "{redriven:?}");
}

#[tokio::test]
async fn express_children_run_anew_under_their_names() {
    let workshop = Workshop::over(MemoryStore::new(), &distributed("EXPRESS", of_three()), &["b"], &[]);
    assert_eq!(workshop.status().await, threshold());
    let before = children(&workshop).await;
    workshop.done();
    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!(["a", "b", "c"]))));
    assert_eq!(workshop.done(), ["first-b", "b", "first-c", "c"]);
    let after = children(&workshop).await;
    assert_eq!(after[1].execution.name(), before[1].execution.name());
    assert_ne!(after[1].execution.arn(), before[1].execution.arn());
    assert!(workshop.engine.map_run_child(before[1].execution.arn()).await.is_none());
}

#[tokio::test]
async fn a_map_run_fails_again_for_the_same_reason() {
    let workshop = Workshop::over(MemoryStore::new(), &distributed("STANDARD", of_three()), &["b"], &[]);
    for redrives in 0..3 {
        assert_eq!(workshop.status().await, threshold());
        let run = map_run(&workshop).await;
        assert_eq!((run.redrives, run.status), (redrives, MapRunStatus::Failed));
        assert_eq!((run.executions.failed, run.executions.pending), (1, 1));
        workshop.execution.redrive().expect("it failed");
    }
}

#[tokio::test]
async fn what_was_stopped_goes_on_even_if_redriven_at_once() {
    let definition = distributed("STANDARD", json!({ "Items": ["a", "b"] }));
    let workshop = Workshop::over(MemoryStore::new(), &definition, &[], &["b"]);
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    workshop.mend();
    workshop.execution.stop(fault("Enough", "of this"));
    assert_eq!(workshop.status().await, Status::Aborted(fault("Enough", "of this")));
    workshop.execution.redrive().expect("it was stopped");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!(["a", "b"]))));
    assert_eq!(workshop.done(), ["first-a", "first-b", "a", "b", "b"]);
}

#[tokio::test]
async fn results_are_written_again_with_those_of_the_redrive() {
    let objects = MemoryStore::new();
    let mut fields = of_three();
    fields["ResultWriter"] = json!({ "Resource": "arn:aws:states:::s3:putObject",
        "Arguments": { "Bucket": "out", "Prefix": "results" },
        "WriterConfig": { "Transformation": "COMPACT", "OutputType": "JSON" } });
    let workshop = Workshop::over(objects.clone(), &distributed("STANDARD", fields), &["b"], &[]);
    assert_eq!(workshop.status().await, threshold());
    let run = map_run(&workshop).await;
    let id = run.arn.rsplit(':').next().expect("its last part").to_owned();
    let text = async |name: &str| {
        let object = objects.get("out", &format!("results/{id}/{name}")).await.expect("it was written");
        String::from_utf8(object.body).expect("results are text")
    };
    assert_eq!(text("SUCCEEDED_0.json").await, r#"["a"]"#);
    assert!(text("PENDING_0.json").await.contains(r#""Input":"\"c\"""#));
    assert!(text("FAILED_0.json").await.contains(r#""RedriveStatus":"REDRIVABLE_BY_MAP_RUN""#));

    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    let Status::Succeeded(result) = workshop.status().await else { panic!("it succeeds") };
    assert_eq!(result.get("MapRunArn").and_then(Value::as_str), Some(&*run.arn));
    assert_eq!(text("SUCCEEDED_0.json").await, r#"["a","b","c"]"#);
    let manifest: serde_json::Value = serde_json::from_str(&text("manifest.json").await).expect("JSON");
    assert_eq!(manifest["ResultFiles"]["FAILED"], json!([]));
    assert_eq!(map_run(&workshop).await.items.results_written, 3);
}

#[tokio::test]
async fn items_that_could_not_be_read_are_read_by_the_redrive() {
    let objects = MemoryStore::new();
    let reader = json!({ "ItemReader": { "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": { "InputType": "JSON" }, "Arguments": { "Bucket": "in", "Key": "items.json" } } });
    let workshop = Workshop::over(objects.clone(), &distributed("STANDARD", reader), &[], &[]);
    assert!(matches!(workshop.status().await, Status::Failed(_)));
    objects.put("in", "items.json", b"[\"a\"]".to_vec(), Timestamp::default()).await.expect("it is kept");
    workshop.execution.redrive().expect("it failed");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!(["a"]))));
    assert_eq!(map_run(&workshop).await.redrives, 1);
}

#[tokio::test]
async fn a_branch_that_was_given_up_takes_its_map_run_with_it() {
    let map = distributed("STANDARD", json!({ "Items": ["a"] }))["States"]["Map"].clone();
    let bad = json!({ "StartAt": "Pause", "States": {
        "Pause": { "Type": "Wait", "Seconds": 5, "Next": "Bad" },
        "Bad": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": "bad", "End": true } } });
    let parallel = json!({ "Type": "Parallel", "End": true,
        "Branches": [{ "StartAt": "Map", "States": { "Map": map } }, bad] });
    let definition = json!({ "QueryLanguage": "JSONata", "StartAt": "All", "States": { "All": parallel } });
    let workshop = Workshop::over(MemoryStore::new(), &definition, &["bad"], &["a"]);
    assert_eq!(workshop.status().await, Status::Failed(fault("Broken", "bad")));
    assert_eq!(workshop.done(), ["first-a", "a", "bad"]);
    workshop.mend();
    workshop.execution.redrive().expect("it failed");
    assert_eq!(workshop.status().await, Status::Succeeded(value(json!([["a"], "bad"]))));
    let mut done = workshop.done();
    done.sort_unstable();
    assert_eq!(done, ["a", "bad"]);
}
