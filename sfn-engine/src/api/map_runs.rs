//! The operations on Map Runs.
//! Separate because each group of operations is a file of its own.

use serde_json::{Value as Json, json};

use super::protocol::{Call, output, some, time};
use crate::control::{Control, Refusal};
use crate::core::Count;
use crate::driver::{MapRunDescription, MapRunUpdate};

pub(super) async fn describe_map_run(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let run = control.describe_map_run(call.required("mapRunArn")).await?;
    Ok(output([
        ("mapRunArn", some(&*run.arn)),
        ("executionArn", some(&*run.execution.execution_arn)),
        ("status", some(run.status.name())),
        ("startDate", Some(time(run.started))),
        ("stopDate", run.stopped.map(time)),
        ("maxConcurrency", some(run.limits.max_concurrency)),
        ("toleratedFailurePercentage", some(run.limits.tolerated_failure_percentage)),
        ("toleratedFailureCount", some(run.limits.tolerated_failure_count)),
        ("itemCounts", Some(counts(&run.items))),
        ("executionCounts", Some(counts(&run.executions))),
        ("redriveCount", some(run.redrives)),
        ("redriveDate", run.redriven.map(time)),
    ]))
}

pub(super) async fn list_map_runs(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let (runs, next) = control.list_map_runs(call.required("executionArn"), &call.page()).await?;
    let item = |run: &MapRunDescription| {
        output([
            ("executionArn", some(&*run.execution.execution_arn)),
            ("mapRunArn", some(&*run.arn)),
            ("stateMachineArn", some(&*run.execution.machine_arn)),
            ("startDate", Some(time(run.started))),
            ("stopDate", run.stopped.map(time)),
        ])
    };
    Ok(output([
        ("mapRuns", some(runs.iter().map(item).collect::<Vec<_>>())),
        ("nextToken", next.map(Json::from)),
    ]))
}

pub(super) async fn update_map_run(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let update = MapRunUpdate {
        max_concurrency: call.json("maxConcurrency").and_then(Json::as_u64),
        tolerated_failure_count: call.json("toleratedFailureCount").and_then(Json::as_u64),
        tolerated_failure_percentage: call.json("toleratedFailurePercentage").and_then(Json::as_f64),
    };
    control.update_map_run(call.required("mapRunArn"), update).await?;
    Ok(json!({}))
}

fn counts(count: &Count) -> Json {
    json!({
        "pending": count.pending,
        "running": count.running,
        "succeeded": count.succeeded,
        "failed": count.failed,
        "timedOut": count.timed_out,
        "aborted": count.aborted,
        "total": count.total,
        "resultsWritten": count.results_written,
        "failuresNotRedrivable": 0,
        "pendingRedrive": count.pending_redrive,
    })
}
