//! Whether what came out is what was recorded, where recordings have masks and JSON texts shown parsed.
//! Separate because the rules are the recordings', the same for executions and for calls of the API.

use sfn_asl::Value;

/// Equal but for masks: `<...>` inside a string stands for any text, `timestamp` and `date` (`<date>` where it is a
/// number) for any time; a value that the recorder replaced by its own place (`"StartTime": "start-time"`,
/// `"stateExitedEventDetails.output"`) stands for any value. Values that are JSON inside a string are compared as JSON.
pub(crate) fn same(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(mask), _) if is_time(mask) || is_place(mask) => true,
        (Value::String(mask), Value::Number(_)) if **mask == *"<date>" => true,
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
                    .all(|(name, value)| found.get(name).is_some_and(|found| same_field(name, value, found)))
        }
        (_, Value::String(text)) => serde_json::from_str::<Value>(text)
            .is_ok_and(|parsed| !matches!(parsed, Value::String(_)) && same(expected, &parsed)),
        _ => expected == found,
    }
}

pub(crate) fn same_field(name: &str, expected: &Value, found: &Value) -> bool {
    expected.as_str().is_some_and(|mask| is_name(mask, name)) || same(expected, found)
}

fn is_time(mask: &str) -> bool {
    ["timestamp", "date", "datetime"].contains(&mask)
}

/// `stateExitedEventDetails.output`: where the value stood in its event.
fn is_place(mask: &str) -> bool {
    mask.split_once("EventDetails.").is_some_and(|(before, after)| {
        [before, after].iter().all(|part| !part.is_empty() && part.chars().all(|it| it.is_ascii_alphabetic()))
    })
}

/// `start-time` in the field `StartTime`, or in one named after it; `RequestId` in the field of that very name.
fn is_name(mask: &str, field: &str) -> bool {
    mask == field || mask.contains('-') && field.to_ascii_lowercase().ends_with(&mask.replace('-', ""))
}

/// Texts that may be missing.
pub(crate) fn same_text(expected: Option<&Value>, found: Option<&str>) -> bool {
    match (expected, found) {
        (None | Some(Value::Null), None) => true,
        (Some(expected), Some(found)) => same(expected, &Value::from(found)),
        _ => false,
    }
}

/// Whether a JSON text is that of a string, which the recording shows parsed.
fn is_text_of(found: &str, expected: &str) -> bool {
    serde_json::from_str::<String>(found).is_ok_and(|parsed| matches_mask(expected, &parsed))
}

/// Two JSON texts that say the same.
fn same_json(expected: &str, found: &str) -> bool {
    let parsed = |text| serde_json::from_str::<Value>(text).ok();
    parsed(expected).zip(parsed(found)).is_some_and(|(expected, found)| same(&expected, &found))
}

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

/// What masks mean, checked before anything is compared with them.
pub(crate) fn masks_stand_for_any_text() {
    let check = |mask, text, expected| assert_eq!(matches_mask(mask, text), expected, "{mask} {text}");
    check("arn:<a>:b", "arn:x:y:b", true);
    check("<a>", "", true);
    check("a<b", "a<b", true);
    check("arn:<a>:b", "arn:x:c", false);
    assert!(is_place("stateExitedEventDetails.output") && !is_place("a sentence. EventDetails."));
    assert!(
        is_name("start-time", "StartTime")
            && !is_name("output", "Output")
            && is_name("RequestId", "RequestId")
    );
}
