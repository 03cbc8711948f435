//! The Intrinsic Functions of arrays; nothing where the arguments do not fit.
//! Separate because they are a family.

use std::collections::HashMap;

use sfn_asl::Value;

use super::truncated;

/// How many numbers `States.ArrayRange` may give.
const LONGEST_RANGE: i64 = 1000;

pub(super) fn partition(items: &[Value], size: &Value) -> Option<Value> {
    let size = usize::try_from(truncated(size)?).ok().filter(|size| *size > 0)?;
    Some(items.chunks(size).map(|chunk| Value::from(chunk.to_vec())).collect())
}

/// The numbers from the first to the last, both included.
pub(super) fn range(first: &Value, last: &Value, step: &Value) -> Option<Value> {
    let (first, last, step) = (truncated(first)?, truncated(last)?, truncated(step)?);
    let steps = last.checked_sub(first)?.checked_div(step)?;
    if steps >= LONGEST_RANGE {
        return None;
    }
    // Against the direction of the step there is nothing on the way.
    let against = (last > first) != (step > 0) && last != first;
    let count = if against { 0 } else { steps + 1 };
    Some((0..count).map(|number| Value::from(first + number * step)).collect())
}

/// Whether an element is written as the wanted value is: the service compares texts, so `true` is in `["true"]`.
pub(super) fn contains(items: &[Value], wanted: &Value) -> bool {
    match wanted {
        Value::String(text) => items.iter().any(|item| match item {
            Value::String(other) => other == text,
            other => other.to_string() == **text,
        }),
        wanted => {
            let text = wanted.to_string();
            items.iter().any(|item| match item {
                Value::String(other) => **other == *text,
                other => {
                    std::mem::discriminant(other) == std::mem::discriminant(wanted)
                        && other.to_string() == text
                }
            })
        }
    }
}

/// The element of an index. An empty array gives null, whatever the index.
pub(super) fn get_item(items: &[Value], index: &Value) -> Option<Value> {
    let index = usize::try_from(truncated(index)?).ok()?;
    if items.is_empty() { Some(Value::Null) } else { items.get(index).cloned() }
}

/// Each value once, in the order in which the service's hash set lists them.
pub(super) fn unique(items: &[Value]) -> Value {
    let mut kept: Vec<(u32, &Value)> = Vec::new();
    let mut seen: HashMap<u32, Vec<&Value>> = HashMap::new();
    for item in items {
        let hash = java_hash(item);
        let alike = seen.entry(hash).or_default();
        if !alike.contains(&item) {
            alike.push(item);
            kept.push((hash ^ (hash >> 16), item));
        }
    }
    let mut buckets: usize = 16;
    while kept.len() > buckets / 4 * 3 {
        buckets *= 2;
    }
    let mask = u32::try_from(buckets - 1).unwrap_or(u32::MAX);
    kept.sort_by_key(|(hash, _)| hash & mask);
    kept.into_iter().map(|(_, value)| value.clone()).collect()
}

/// The hash code of the value as a Java object, from which the order of a hash set follows.
fn java_hash(value: &Value) -> u32 {
    let fold = |bits: u64| {
        #[expect(clippy::cast_possible_truncation, reason = "the lower half of both halves folded")]
        let folded = (bits ^ (bits >> 32)) as u32;
        folded
    };
    let text = |text: &str| {
        text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.into()))
    };
    match value {
        Value::Null => 0,
        Value::Bool(true) => 1231,
        Value::Bool(false) => 1237,
        Value::Number(number) => match number.as_i64() {
            Some(integer) => {
                i32::try_from(integer).map_or_else(|_| fold(integer.cast_unsigned()), i32::cast_unsigned)
            }
            None => fold(number.as_f64().to_bits()),
        },
        Value::String(string) => text(string),
        Value::Array(items) => {
            items.iter().fold(1, |hash, item| hash.wrapping_mul(31).wrapping_add(java_hash(item)))
        }
        Value::Object(fields) => {
            fields.iter().fold(0, |hash, (name, value)| hash.wrapping_add(text(name) ^ java_hash(value)))
        }
    }
}
