//! The Intrinsic Functions of arrays; nothing where the arguments do not fit.
//! Separate because they are a family.

use std::collections::HashSet;

use sfn_asl::Value;

use super::whole;

/// How many numbers `States.ArrayRange` may give.
const LONGEST_RANGE: i64 = 1000;

pub(super) fn partition(items: &[Value], size: &Value) -> Option<Value> {
    let size = usize::try_from(whole(size)?).ok().filter(|size| *size > 0)?;
    Some(items.chunks(size).map(|chunk| Value::from(chunk.to_vec())).collect())
}

/// The numbers from the first to the last, both included.
pub(super) fn range(first: &Value, last: &Value, step: &Value) -> Option<Value> {
    let (first, last, step) = (whole(first)?, whole(last)?, whole(step)?);
    let steps = last.checked_sub(first)?.checked_div(step)?;
    if steps >= LONGEST_RANGE {
        return None;
    }
    // Against the direction of the step there is nothing on the way.
    let against = (last > first) != (step > 0) && last != first;
    let count = if against { 0 } else { steps + 1 };
    Some((0..count).map(|number| Value::from(first + number * step)).collect())
}

pub(super) fn get_item(items: &[Value], index: &Value) -> Option<Value> {
    items.get(usize::try_from(whole(index)?).ok()?).cloned()
}

/// Each value once, where it first came.
pub(super) fn unique(items: &[Value]) -> Value {
    // Equal values are written alike but for the order of fields, so most comparisons are one look-up.
    let mut seen = HashSet::new();
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        let is_new = match item {
            Value::Array(_) | Value::Object(_) => !kept.contains(item),
            scalar => seen.insert(scalar.to_string() + if scalar.as_str().is_some() { "s" } else { "" }),
        };
        if is_new {
            kept.push(item.clone());
        }
    }
    kept.into()
}
