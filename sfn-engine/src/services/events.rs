//! `events:putEvents`: takes events as EventBridge does and refuses what it would refuse.
//! Separate because each service is a file of its own.

use sfn_asl::Value;

use super::envelope::{made_up_id, object};
use super::fault::{EVENT_BRIDGE, is_sdk, missing};
use crate::driver::{TaskFailure, TaskRequest};

pub(super) fn put_events(request: &TaskRequest) -> Result<Value, TaskFailure> {
    let Some(entries) = request.arguments.get("Entries").and_then(Value::as_array) else {
        return Err(missing(EVENT_BRIDGE, request, "Entries"));
    };
    let results: Vec<Result<Value, Value>> =
        entries.iter().enumerate().map(|(place, entry)| put(request, place, entry)).collect();
    let failed = results.iter().filter(|result| result.is_err()).count();
    let entries: Value = results.into_iter().map(|result| result.unwrap_or_else(|refusal| refusal)).collect();
    let failed_count = Value::from(i64::try_from(failed).unwrap_or(i64::MAX));
    let answer = object([("Entries", entries), ("FailedEntryCount", failed_count)]);
    // Through the SDK the call itself went well; the optimised integration fails with its answer as the cause.
    if failed > 0 && !is_sdk(request) {
        return Err(TaskFailure::new("EventBridge.FailedEntry", answer.to_string()));
    }
    Ok(answer)
}

fn put(request: &TaskRequest, place: usize, entry: &Value) -> Result<Value, Value> {
    let refusal = |code: &str, message: &str| {
        object([("ErrorCode", Value::from(code)), ("ErrorMessage", Value::from(message))])
    };
    for name in ["Source", "DetailType", "Detail"] {
        if entry.get(name).is_none_or(|value| value.is_null() || value.as_str() == Some("")) {
            let message = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
            return Err(refusal("InvalidArgument", &message));
        }
    }
    // Anything but text is written as JSON text on the way.
    let is_object = entry.get("Detail").is_some_and(|detail| match detail.as_str() {
        Some(text) => serde_json::from_str::<Value>(text).is_ok_and(|detail| detail.as_object().is_some()),
        None => detail.as_object().is_some(),
    });
    if !is_object {
        return Err(refusal("MalformedDetail", "Detail is malformed."));
    }
    Ok(object([("EventId", Value::from(made_up_id(request, &place.to_string())))]))
}
