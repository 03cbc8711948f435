//! What an HTTP Task sent and what came back, as the inspection level `TRACE` shows it.
//! Separate because no other State shows more than its data, and because all of it is text.

use serde_json::{Map, Value as Json, json};
use sfn_asl::{State, Value};

use super::TestState;
use crate::core::{Report, Stage, Verdict};
use crate::history::Fault;
use crate::services::http_request;

/// Whether a test calls an endpoint.
pub(super) fn is_called(state: &State, test: &TestState) -> bool {
    let State::Task(task) = state else { return false };
    test.mock.is_none() && task.resource.ends_with(":states:::http:invoke")
}

/// The request and, if there was one, the response.
pub(super) fn exchange(report: &Report) -> Map<String, Json> {
    let stage = |wanted: &[Stage]| report.stages.iter().find(|(stage, _)| wanted.contains(stage));
    let arguments = stage(&[Stage::AfterArguments, Stage::AfterParameters]).map(|(_, arguments)| arguments);
    let Some(request) = arguments.and_then(http_request) else { return Map::new() };
    let response = match stage(&[Stage::Result]) {
        Some((_, result)) => Some(response(result)),
        None => fault(&report.verdict).and_then(refusal),
    };
    let mut shown = Map::new();
    shown.insert("request".to_owned(), request);
    shown.extend(response.map(|response| ("response".to_owned(), response)));
    shown
}

fn response(result: &Value) -> Json {
    let text = |name: &str| result.get(name).map(plain).unwrap_or_default();
    let headers = result.get("Headers").and_then(Value::as_object);
    let headers = headers.into_iter().flat_map(sfn_jsonata::Object::iter).flat_map(|(name, values)| {
        let values = values.as_array().map(|values| values.iter()).into_iter().flatten();
        values.map(move |value| format!("{name}: {}", plain(value)))
    });
    json!({
        "protocol": "http",
        "statusCode": text("StatusCode"),
        "statusMessage": text("StatusText"),
        "headers": format!("[{}]", headers.collect::<Vec<_>>().join(", ")),
        "body": text("ResponseBody"),
    })
}

/// An answer that made the Task fail: its status is in the Error Name, its body in the cause.
fn refusal(fault: &Fault) -> Option<Json> {
    let status = fault.error.as_deref()?.strip_prefix("States.Http.StatusCode.")?;
    Some(
        json!({ "protocol": "http", "statusCode": status, "body": fault.cause.as_deref().unwrap_or_default() }),
    )
}

fn fault(verdict: &Verdict) -> Option<&Fault> {
    match verdict {
        Verdict::Failed(fault) | Verdict::Retriable { fault, .. } | Verdict::Caught { fault, .. } => {
            Some(fault)
        }
        Verdict::Succeeded { .. } | Verdict::Refused(_) => None,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
