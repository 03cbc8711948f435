//! The operations on executions.
//! Separate because each group of operations is a file of its own.

use serde_json::{Value as Json, json};

use super::protocol::{Call, output, some, time};
use super::tasks::fault;
use crate::Timestamp;
use crate::control::{
    ChildDescription, Control, ExecutionDescription, ExecutionStatus, ListExecutions, Refusal, StartExecution,
};

pub(super) fn start_execution(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let started = control.start_execution(start(call))?;
    Ok(json!({ "executionArn": *started.arn, "startDate": time(started.started) }))
}

pub(super) async fn start_sync_execution(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let execution = control.start_sync_execution(start(call)).await?;
    let mut answer = described(&execution, is_without_data(call));
    let stopped = execution.stopped.unwrap_or(execution.started);
    answer["billingDetails"] = billing(execution.started, stopped);
    Ok(answer)
}

fn start(call: &Call) -> StartExecution {
    StartExecution {
        machine: call.required("stateMachineArn").to_owned(),
        name: call.text("name"),
        input: call.text("input"),
        trace_header: call.text("traceHeader"),
        request: None,
    }
}

/// Time in steps of 100 ms, and the least memory there is.
fn billing(started: Timestamp, stopped: Timestamp) -> Json {
    let millis = u64::try_from(started.until(stopped).as_millis()).unwrap_or(u64::MAX);
    let billed = millis.max(1).div_ceil(100).saturating_mul(100);
    json!({ "billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": billed })
}

pub(super) async fn stop_execution(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let stopped = control.stop_execution(call.required("executionArn"), fault(call)).await?;
    Ok(json!({ "stopDate": time(stopped) }))
}

pub(super) fn redrive_execution(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let redriven = control.redrive_execution(call.required("executionArn"))?;
    Ok(json!({ "redriveDate": time(redriven) }))
}

pub(super) async fn describe_execution(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let execution = control.describe_execution(call.required("executionArn")).await?;
    let mut answer = described(&execution, is_without_data(call));
    answer["redriveCount"] = execution.redrives.into();
    if let Some(redriven) = execution.redriven {
        answer["redriveDate"] = time(redriven);
    }
    answer["redriveStatus"] = execution.redrive_status.name().into();
    if let Some(reason) = execution.redrive_status.reason() {
        answer["redriveStatusReason"] = reason.into();
    }
    for (field, arn) in [
        ("mapRunArn", execution.map_run_arn),
        ("stateMachineVersionArn", execution.version_arn),
        ("stateMachineAliasArn", execution.alias_arn),
    ] {
        if let Some(arn) = arn {
            answer[field] = (*arn).into();
        }
    }
    Ok(answer)
}

/// What the descriptions of Standard and of Express executions have in common.
fn described(execution: &ExecutionDescription, is_without_data: bool) -> Json {
    let included = || json!({ "included": !is_without_data });
    let data = |text: Option<&str>| text.filter(|_| !is_without_data).map(Json::from);
    output([
        ("executionArn", some(&*execution.arn)),
        ("stateMachineArn", some(&*execution.machine_arn)),
        ("name", some(&*execution.name)),
        ("status", some(execution.status.as_str())),
        ("startDate", Some(time(execution.started))),
        ("stopDate", execution.stopped.map(time)),
        ("input", data(Some(&execution.input))),
        ("inputDetails", Some(included())),
        ("output", data(execution.output.as_deref())),
        ("outputDetails", execution.output.as_ref().map(|_| included())),
        ("error", data(execution.fault.error.as_deref())),
        ("cause", data(execution.fault.cause.as_deref())),
        ("traceHeader", execution.trace_header.as_deref().map(Json::from)),
    ])
}

pub(super) async fn list_executions(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let status = call.text("statusFilter").as_deref().and_then(ExecutionStatus::named);
    let is_redriven = call.text("redriveFilter").map(|filter| filter == "REDRIVEN");
    if let Some(map_run) = call.text("mapRunArn") {
        let (children, next) = control.list_children(&map_run, status, is_redriven, &call.page()).await?;
        let item = |child: &ChildDescription| {
            let mut item = list_item(&child.execution);
            item["mapRunArn"] = map_run.as_str().into();
            item["itemCount"] = child.items.into();
            item
        };
        let children: Vec<Json> = children.iter().map(item).collect();
        return Ok(output([("executions", some(children)), ("nextToken", next.map(Json::from))]));
    }
    let Some(machine) = call.text("stateMachineArn") else {
        return Err(Refusal::new(
            "ValidationException",
            "1 validation error detected: Must provide a StateMachine ARN or MapRun ARN",
        ));
    };
    let list = ListExecutions { machine, status, is_redriven };
    let (executions, next) = control.list_executions(&list, &call.page())?;
    let executions: Vec<Json> = executions.iter().map(list_item).collect();
    Ok(output([("executions", some(executions)), ("nextToken", next.map(Json::from))]))
}

fn list_item(execution: &ExecutionDescription) -> Json {
    output([
        ("executionArn", some(&*execution.arn)),
        ("stateMachineArn", some(&*execution.machine_arn)),
        ("name", some(&*execution.name)),
        ("status", some(execution.status.as_str())),
        ("startDate", Some(time(execution.started))),
        ("stopDate", execution.stopped.map(time)),
        ("stateMachineVersionArn", execution.version_arn.as_deref().map(Json::from)),
        ("stateMachineAliasArn", execution.alias_arn.as_deref().map(Json::from)),
        ("redriveCount", some(execution.redrives)),
        ("redriveDate", execution.redriven.map(time)),
    ])
}

pub(super) async fn get_execution_history(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let is_reversed = call.flag("reverseOrder").unwrap_or(false);
    let with_data = call.flag("includeExecutionData").unwrap_or(true);
    let (events, next) = control.history(call.required("executionArn"), is_reversed, &call.page()).await?;
    let events: Vec<Json> = events
        .iter()
        .map(|event| {
            let mut event = json!(event);
            if !with_data {
                withhold_data(&mut event);
            }
            event
        })
        .collect();
    Ok(output([("events", some(events)), ("nextToken", next.map(Json::from))]))
}

/// Takes inputs and outputs out of an event's details.
fn withhold_data(event: &mut Json) {
    const DATA: [&str; 7] = [
        "input",
        "inputDetails",
        "output",
        "outputDetails",
        "parameters",
        "assignedVariables",
        "assignedVariablesDetails",
    ];
    for details in event.as_object_mut().into_iter().flat_map(|event| event.values_mut()) {
        if let Json::Object(fields) = details {
            fields.retain(|name, _| !DATA.contains(&name.as_str()));
        }
    }
}

fn is_without_data(call: &Call) -> bool {
    call.text("includedData").as_deref() == Some("METADATA_ONLY")
}
