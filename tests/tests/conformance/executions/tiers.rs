//! What is right about an execution, tier by tier.
//! Separate from the comparison of values because it knows what an execution and its history consist of.

use sfn_asl::Value;
use sfn_engine::core::Status;
use sfn_engine::history::{Fault, HistoryEvent};

use super::case::Case;
use crate::compare::{same, same_field, same_text};

/// T1: status, and output or error name. T2: the cause. T3: the event types in order. T4: every detail of every event.
pub(super) const LABELS: &[&str] = &["T1", "T2", "T3", "T4"];

/// How an execution went; no status while it is running.
pub(super) struct Run {
    pub(super) status: Option<Status>,
    pub(super) history: Vec<HistoryEvent>,
}

pub(super) fn verdicts(case: &Case, run: &Run) -> [Result<(), String>; 4] {
    let expected = case.expected_history.as_deref().unwrap_or_default();
    let events = run.history.iter().enumerate().map(|(index, event)| {
        let written = serde_json::to_value(event).expect("events are JSON").into();
        as_recorded(case, expected.get(index), &written)
    });
    let history: Vec<Value> = events.collect();
    [
        result(case, run.status.as_ref()),
        cause(case, run.status.as_ref()),
        types(case, &history),
        details(case, &history),
    ]
}

/// What was found as the recorder would have written it down: random numbers masked by a text, and nothing of redrives
/// before the service knew of them.
fn as_recorded(case: &Case, expected: Option<&Value>, found: &Value) -> Value {
    let before_redrives = case.predates("2023", "11");
    if !case.is_random() && !before_redrives {
        return found.clone();
    }
    match (expected, found) {
        (Some(mask @ Value::String(_)), Value::Number(_)) if case.is_random() => mask.clone(),
        (_, Value::String(text)) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => {
                Value::from(as_recorded(case, expected, &inner).to_string())
            }
            _ => found.clone(),
        },
        (_, Value::Array(items)) => {
            let at = |index| expected.and_then(Value::as_array).and_then(|it| it.get(index));
            let items = items.iter().enumerate();
            items.map(|(index, item)| as_recorded(case, at(index), item)).collect()
        }
        (_, Value::Object(fields)) => fields
            .iter()
            .filter(|(name, _)| !(before_redrives && &***name == "RedriveCount"))
            .map(|(name, value)| {
                let inner = expected.and_then(|it| it.get(name));
                (name.clone(), as_recorded(case, inner, value))
            })
            .collect(),
        _ => found.clone(),
    }
}

fn result(case: &Case, status: Option<&Status>) -> Result<(), String> {
    let holds = match status {
        None => case.is_running(),
        Some(Status::Succeeded(output)) => {
            case.expected_status == "SUCCEEDED"
                && (!case.has_output
                    || same(&case.expected_output, &as_recorded(case, Some(&case.expected_output), output)))
        }
        Some(Status::Failed(fault)) => {
            case.expected_status == "FAILED"
                && same_text(case.expected_error.as_ref(), fault.error.as_deref())
        }
        Some(Status::TimedOut(_)) => case.expected_status == "TIMED_OUT",
        Some(Status::Aborted(_)) => case.expected_status == "ABORTED",
    };
    let expected = || format!("{} {} {:?}", case.expected_status, case.expected_output, case.expected_error);
    if holds { Ok(()) } else { Err(format!("found {status:?}, expected {}", expected())) }
}

fn cause(case: &Case, status: Option<&Status>) -> Result<(), String> {
    let Some(Status::Failed(Fault { cause, .. })) = status else { return Ok(()) };
    if same_text(case.expected_cause.as_ref(), cause.as_deref()) {
        return Ok(());
    }
    Err(format!("found cause {cause:?}, expected {:?}", case.expected_cause))
}

fn types(case: &Case, history: &[Value]) -> Result<(), String> {
    let Some(expected) = &case.expected_history_types else { return Ok(()) };
    let found: Vec<_> = history.iter().map(type_of).collect();
    let holds = if case.order_normalised {
        let mut left = found.clone();
        let is_there = |wanted: &String| match left.iter().position(|it| it == wanted) {
            Some(position) => {
                left.remove(position);
                true
            }
            None => false,
        };
        expected.iter().all(is_there) && left.iter().all(|it| is_lost(it))
    } else {
        *expected == found
    };
    if holds { Ok(()) } else { Err(format!("found events {found:?}, expected {expected:?}")) }
}

fn type_of(event: &Value) -> String {
    event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Sorting the events of concurrent branches lost ends of Parallel States from the recordings.
fn is_lost(event_type: &str) -> bool {
    ["ParallelStateSucceeded", "ParallelStateFailed", "ParallelStateExited"].contains(&event_type)
}

fn details(case: &Case, history: &[Value]) -> Result<(), String> {
    let Some(expected) = case.expected_history.as_ref() else { return Ok(()) };
    let mut left: Vec<&Value> = history.iter().collect();
    for event in expected {
        let matches = |found: &&Value| same_event(case, event, found);
        let position = if case.order_normalised { left.iter().position(matches) } else { Some(0) };
        match position.filter(|position| left.get(*position).is_some_and(matches)) {
            Some(position) => left.remove(position),
            None => {
                return Err(format!("found {:?}, expected {event}", left.first().map(ToString::to_string)));
            }
        };
    }
    left.retain(|event| !case.order_normalised || !is_lost(&type_of(event)));
    if left.is_empty() { Ok(()) } else { Err(format!("events too many: {left:?}")) }
}

fn same_event(case: &Case, expected: &Value, found: &Value) -> bool {
    let is_changed_link = case.predates("2024", "11") && follows_a_map_run(case, expected);
    let (Some(expected), Some(fields)) = (expected.as_object(), found.as_object()) else { return false };
    let ignored = |name: &str| {
        (case.order_normalised && (name == "id" || name == "previousEventId"))
            || (is_changed_link && name == "previousEventId")
    };
    expected.len() == fields.len()
        && expected.iter().all(|(name, value)| {
            ignored(name) || fields.get(name).is_some_and(|found| same_field(name, value, found))
        })
}

/// Whether it is the exit of a distributed Map State. It used to follow from the end of the Map Run; in everything that
/// was recorded since November 2024 it follows from its start.
fn follows_a_map_run(case: &Case, event: &Value) -> bool {
    let is_succeeded = |it: &&Value| it.get("id") == event.get("previousEventId");
    type_of(event) == "MapStateExited"
        && case
            .expected_history
            .iter()
            .flatten()
            .find(is_succeeded)
            .is_some_and(|it| type_of(it) == "MapRunSucceeded")
}
