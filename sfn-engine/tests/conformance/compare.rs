//! Whether what came out is what was recorded, where the recording has masks and parsed JSON texts.
//! Separate because the rules of comparison are the recordings', not the engine's.

use sfn_asl::Value;
use sfn_engine::core::Status;
use sfn_engine::driver::Outcome;
use sfn_engine::history::Fault;

use crate::case::Case;

/// For each tier what is wrong, if anything.
pub(crate) fn tiers(case: &Case, outcome: &Outcome) -> [Option<String>; 4] {
    let history: Vec<Value> = outcome
        .history
        .iter()
        .map(|event| serde_json::to_value(event).expect("events are JSON").into())
        .collect();
    [
        result(case, &outcome.status),
        cause(case, &outcome.status),
        types(case, outcome),
        details(case, &history),
    ]
}

fn result(case: &Case, status: &Status) -> Option<String> {
    match status {
        Status::Succeeded(output) => {
            let matches = case.expected_status == "SUCCEEDED"
                && (!case.has_output || same(&case.expected_output, output));
            (!matches).then(|| format!("succeeded with {output}, expected {}", expectation(case)))
        }
        Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault) => {
            let matches = case.expected_status == "FAILED"
                && same_text(case.expected_error.as_ref(), fault.error.as_deref());
            (!matches).then(|| format!("failed with {fault:?}, expected {}", expectation(case)))
        }
    }
}

fn expectation(case: &Case) -> String {
    format!("{} {} {:?}", case.expected_status, case.expected_output, case.expected_error)
}

fn cause(case: &Case, status: &Status) -> Option<String> {
    let Status::Failed(Fault { cause, .. }) = status else { return None };
    let matches = same_text(case.expected_cause.as_ref(), cause.as_deref());
    (!matches).then(|| format!("cause {cause:?}, expected {:?}", case.expected_cause))
}

fn types(case: &Case, outcome: &Outcome) -> Option<String> {
    let mut expected = case.expected_history_types.clone()?;
    let mut found: Vec<_> = outcome
        .history
        .iter()
        .map(|event| event.event_type().to_owned())
        .filter(|it| is_recorded(case, it))
        .collect();
    let described = format!("events {found:?}, expected {expected:?}");
    if case.order_normalised {
        expected.sort();
        found.sort();
    }
    (expected != found).then_some(described)
}

/// Sorting the events of concurrent branches lost the ends of Parallel States from the recordings.
fn is_recorded(case: &Case, event_type: &str) -> bool {
    !case.order_normalised || !["ParallelStateSucceeded", "ParallelStateFailed"].contains(&event_type)
}

fn details(case: &Case, history: &[Value]) -> Option<String> {
    let expected = case.expected_history.as_ref()?;
    let type_of = |event: &Value| event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut left: Vec<&Value> = history.iter().filter(|event| is_recorded(case, &type_of(event))).collect();
    for event in expected {
        let matches = |found: &&Value| same_event(case, event, found);
        let position = if case.order_normalised { left.iter().position(matches) } else { Some(0) };
        match position.filter(|position| left.get(*position).is_some_and(matches)) {
            Some(position) => left.remove(position),
            None => return Some(format!("event {event}, found {:?}", left.first().map(ToString::to_string))),
        };
    }
    (!left.is_empty()).then(|| format!("events too many: {left:?}"))
}

fn same_event(case: &Case, expected: &Value, found: &Value) -> bool {
    let (Some(expected), Some(fields)) = (expected.as_object(), found.as_object()) else { return false };
    let ignored = |name: &str| case.order_normalised && (name == "id" || name == "previousEventId");
    expected.len() == fields.len()
        && expected
            .iter()
            .all(|(name, value)| ignored(name) || fields.get(name).is_some_and(|found| same(value, found)))
}

fn same_text(expected: Option<&Value>, found: Option<&str>) -> bool {
    match (expected, found) {
        (None | Some(Value::Null), None) => true,
        (Some(expected), Some(found)) => same(expected, &Value::from(found)),
        _ => false,
    }
}

/// Equal but for masks; a text that the recording shows parsed is parsed first.
fn same(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(mask), _) if ["timestamp", "date"].contains(&&**mask) => true,
        (Value::String(expected), Value::String(found)) => {
            matches_mask(expected, found) || same_json(expected, found) || is_text_of(found, expected)
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected.iter().zip(found).all(|(expected, found)| same(expected, found))
        }
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .all(|(name, value)| found.get(name).is_some_and(|found| same(value, found)))
        }
        (_, Value::String(text)) => serde_json::from_str::<Value>(text)
            .is_ok_and(|parsed| !matches!(parsed, Value::String(_)) && same(expected, &parsed)),
        _ => expected == found,
    }
}

/// Whether a JSON text is that of a string, which the recording shows parsed.
fn is_text_of(found: &str, expected: &str) -> bool {
    serde_json::from_str::<String>(found).is_ok_and(|parsed| matches_mask(expected, &parsed))
}

/// Two JSON texts that say the same.
fn same_json(expected: &str, found: &str) -> bool {
    let parsed =
        |text| serde_json::from_str::<Value>(text).ok().filter(|value| !matches!(value, Value::String(_)));
    parsed(expected).zip(parsed(found)).is_some_and(|(expected, found)| same(&expected, &found))
}

/// `<...>` stands for any text.
fn matches_mask(mask: &str, text: &str) -> bool {
    let Some((before, rest)) = mask.split_once('<') else { return mask == text };
    let Some((_, after)) = rest.split_once('>') else { return mask == text };
    let Some(mut tail) = text.strip_prefix(before) else { return false };
    loop {
        if matches_mask(after, tail) {
            return true;
        }
        let mut characters = tail.chars();
        if characters.next().is_none() {
            return false;
        }
        tail = characters.as_str();
    }
}

#[test]
fn masks_stand_for_any_text() {
    let check = |mask, text, expected| assert_eq!(matches_mask(mask, text), expected, "{mask} {text}");
    check("arn:<a>:b", "arn:x:y:b", true);
    check("<a>", "", true);
    check("a<b", "a<b", true);
    check("arn:<a>:b", "arn:x:c", false);
}
