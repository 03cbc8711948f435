//! The operations with which workers ask for tasks of an Activity and report on tasks that wait for them.
//! Separate because each group of operations is a file of its own.

use serde_json::{Value as Json, json};

use super::protocol::Call;
use crate::control::{Control, Refusal};
use crate::driver::{ActivityError, TokenError};
use crate::history::Fault;

pub(super) async fn send_task_success(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let output = serde_json::from_str(call.required("output"))
        .map_err(|error| Refusal::new("InvalidOutput", format!("Invalid Output: '{error}'")))?;
    done(control.engine().send_task_success(call.required("taskToken"), output).await)
}

pub(super) async fn send_task_failure(control: &Control, call: &Call) -> Result<Json, Refusal> {
    done(control.engine().send_task_fault(call.required("taskToken"), fault(call)).await)
}

pub(super) async fn send_task_heartbeat(control: &Control, call: &Call) -> Result<Json, Refusal> {
    done(control.engine().send_task_heartbeat(call.required("taskToken")).await)
}

pub(super) async fn get_activity_task(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let arn = call.required("activityArn");
    control.describe_activity(arn)?;
    let task = control.engine().get_activity_task(arn, call.text("workerName").as_deref()).await;
    match task {
        Ok(Some(task)) => Ok(json!({ "taskToken": *task.token, "input": task.input.to_string() })),
        // The service answers with a token of nothing when a minute has passed.
        Ok(None) => Ok(json!({ "taskToken": null, "input": null })),
        Err(error @ ActivityError::DoesNotExist(_)) => {
            Err(Refusal::new("ActivityDoesNotExist", error.to_string()))
        }
        Err(ActivityError::ShutDown) => Err(Refusal::shut_down()),
    }
}

/// The `error` and the `cause` of a call that brings a failure.
pub(super) fn fault(call: &Call) -> Fault {
    Fault { error: call.text("error").map(Into::into), cause: call.text("cause").map(Into::into) }
}

fn done(result: Result<(), TokenError>) -> Result<Json, Refusal> {
    result.map(|()| json!({})).map_err(|error| {
        let code = match error {
            TokenError::Invalid => "InvalidToken",
            TokenError::Unknown => "TaskDoesNotExist",
            TokenError::TimedOut => "TaskTimedOut",
            TokenError::ShutDown => "ServiceUnavailable",
        };
        Refusal::new(code, error.to_string())
    })
}
