//! The operations with which workers report on tasks that wait for them.
//! Separate because each group of operations is a file of its own.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::protocol::{ApiError, Call};
use crate::core::PAYLOAD_BYTES;
use crate::driver::{Engine, TokenError};
use crate::history::Fault;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendTaskSuccess {
    task_token: String,
    output: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendTaskFailure {
    task_token: String,
    error: Option<String>,
    cause: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendTaskHeartbeat {
    task_token: String,
}

pub(super) async fn send_task_success(engine: &Engine, call: &Call) -> Result<Json, ApiError> {
    let input: SendTaskSuccess = call.input()?;
    if input.output.len() > PAYLOAD_BYTES {
        return Err(too_long("output", PAYLOAD_BYTES));
    }
    let output = serde_json::from_str(&input.output)
        .map_err(|error| ApiError::new("InvalidOutput", format!("Invalid Output: '{error}'")))?;
    done(engine.send_task_success(&input.task_token, output).await)
}

pub(super) async fn send_task_failure(engine: &Engine, call: &Call) -> Result<Json, ApiError> {
    let input: SendTaskFailure = call.input()?;
    if input.error.as_ref().is_some_and(|error| error.chars().count() > 256) {
        return Err(too_long("error", 256));
    }
    if input.cause.as_ref().is_some_and(|cause| cause.chars().count() > 32_768) {
        return Err(too_long("cause", 32_768));
    }
    let fault = Fault { error: input.error.map(Into::into), cause: input.cause.map(Into::into) };
    done(engine.send_task_fault(&input.task_token, fault).await)
}

pub(super) async fn send_task_heartbeat(engine: &Engine, call: &Call) -> Result<Json, ApiError> {
    let input: SendTaskHeartbeat = call.input()?;
    done(engine.send_task_heartbeat(&input.task_token).await)
}

fn done(result: Result<(), TokenError>) -> Result<Json, ApiError> {
    result.map(|()| json!({})).map_err(|error| {
        let code = match error {
            TokenError::Invalid => "InvalidToken",
            TokenError::Unknown => "TaskDoesNotExist",
            TokenError::TimedOut => "TaskTimedOut",
            TokenError::ShutDown => "ServiceUnavailable",
        };
        ApiError::new(code, error.to_string())
    })
}

fn too_long(field: &str, limit: usize) -> ApiError {
    let message = format!(
        "1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must have length less than or equal to {limit}"
    );
    ApiError::new("ValidationException", message)
}
