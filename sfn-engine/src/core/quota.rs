//! The service's quotas on data, and how payloads are measured against them.
//! Separate because the numbers are facts about the service, wanted in several places.

use std::time::Duration;

use sfn_asl::Value;
use sfn_jsonata::Number;

/// How many bytes of JSON a payload (input, output, result, Variables of one State) may have.
pub const PAYLOAD_BYTES: usize = 262_144;

/// How many bytes of JSON all Variables of an execution may have together.
pub(crate) const VARIABLES_BYTES: usize = 10 * 1_048_576;

/// The id of the event that ends a Standard execution for having too many.
pub const HISTORY_EVENTS: u64 = 25_000;

/// The service sets Express executions no limit; here one that loops for ever must not fill the memory.
pub(crate) const EXPRESS_EVENTS: u64 = 1_000_000;

/// How long an Express execution may take.
pub(crate) const EXPRESS_DURATION: Duration = Duration::from_mins(5);

/// Whether a payload is over the quota. Stops counting as soon as it knows.
pub(crate) fn exceeds_payload(value: &Value) -> bool {
    if value.bytes_at_most() <= PAYLOAD_BYTES as u64 {
        return false;
    }
    let mut left = PAYLOAD_BYTES;
    !fits(value, &mut left)
}

/// Whether values together are over a quota.
pub(crate) fn exceed<'v>(quota: usize, values: impl Iterator<Item = &'v Value> + Clone) -> bool {
    let at_most = values.clone().fold(0_u64, |sum, value| sum.saturating_add(value.bytes_at_most()));
    let mut left = quota;
    at_most > quota as u64 && !values.into_iter().all(|value| fits(value, &mut left))
}

/// How many bytes of JSON a value is.
pub(crate) fn json_bytes(value: &Value) -> usize {
    let mut left = usize::MAX;
    fits(value, &mut left);
    usize::MAX - left
}

fn fits(value: &Value, left: &mut usize) -> bool {
    let take = |left: &mut usize, bytes: usize| match left.checked_sub(bytes) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    };
    match value {
        Value::Null | Value::Bool(true) => take(left, 4),
        Value::Bool(false) => take(left, 5),
        Value::Number(number) => take(left, digits(*number)),
        Value::String(text) => take(left, text.len() + 2 + escapes(text)),
        Value::Array(items) => {
            take(left, 2 + items.len().saturating_sub(1)) && items.iter().all(|item| fits(item, left))
        }
        Value::Object(fields) => {
            take(left, 2 + fields.len().saturating_sub(1))
                && fields
                    .iter()
                    .all(|(name, value)| take(left, name.len() + 3 + escapes(name)) && fits(value, left))
        }
    }
}

/// How many bytes a number takes; integers, the most common, are not written out for that.
fn digits(number: Number) -> usize {
    match number.as_i64().filter(|integer| integer.unsigned_abs() < 1_000_000_000_000_000) {
        Some(integer) => {
            let digits = integer.unsigned_abs().checked_ilog10().map_or(1, |exponent| exponent as usize + 1);
            digits + usize::from(integer < 0)
        }
        None => number.to_string().len(),
    }
}

/// How many bytes JSON's escapes add to a text.
fn escapes(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0C => 1,
            0..0x20 => 5,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &Value) {
        assert_eq!(exceeds_payload(value), value.to_string().len() > PAYLOAD_BYTES);
    }

    #[test]
    fn the_measure_is_the_length_of_the_compact_text() {
        for length in [0, PAYLOAD_BYTES - 3, PAYLOAD_BYTES - 2, PAYLOAD_BYTES - 1, PAYLOAD_BYTES] {
            check(&Value::from("a".repeat(length)));
            check(&Value::from("é".repeat(length / 2)));
            check(&Value::from("\"".repeat(length / 2)));
        }
        check(&(0..52_000_i64).map(Value::from).collect());
        for number in [0.0, -0.0, 9.0, -10.0, 99.5, 1e14, -1e15, 1e21, 1e-7] {
            let mut left = 100;
            assert!(fits(&Value::from(number), &mut left));
            assert_eq!(100 - left, Value::from(number).to_string().len(), "{number}");
        }
        check(&(0..60_000_i64).map(|_| Value::from("ab\u{1}")).collect());
        check(&(0..20_000_i64).map(|index| (format!("k{index}"), Value::from(index))).collect());
    }
}
