//! Attribute values: reached by document paths, compared, added up.
//! Separate because conditions and updates both stand on this, and on nothing else of an item.

use std::cmp::Ordering;

use sfn_asl::Value;
use sfn_jsonata::Object;

use super::Refusal;

/// One step of a document path behind its first name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// Where in an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

impl Path {
    pub(super) fn get<'i>(&self, item: &'i Object) -> Option<&'i Value> {
        self.steps.iter().try_fold(item.get(&self.name)?, |value, step| match step {
            Step::Name(name) => value.get("M")?.get(name),
            Step::Index(index) => value.get("L")?.as_array()?.get(*index),
        })
    }

    /// Sets what is there, or removes it.
    pub(super) fn put(&self, item: &mut Object, new: Option<Value>) -> Result<(), Refusal> {
        let changed = match self.steps.as_slice() {
            [] => new,
            steps => match item.get(&self.name) {
                Some(outer) => Some(within(outer, steps, new)?),
                None => return Err(unreachable_path()),
            },
        };
        match changed {
            Some(value) => drop(item.insert(self.name.as_str(), value)),
            None => drop(item.remove(&self.name)),
        }
        Ok(())
    }
}

/// A value with something inside it changed.
fn within(outer: &Value, steps: &[Step], new: Option<Value>) -> Result<Value, Refusal> {
    let Some((step, rest)) = steps.split_first() else { return Ok(new.unwrap_or_default()) };
    let inner = |found: Option<&Value>| match (rest, found) {
        ([], _) => Ok(new.clone()),
        (_, Some(found)) => within(found, rest, new.clone()).map(Some),
        (_, None) => Err(unreachable_path()),
    };
    match step {
        Step::Name(name) => {
            let mut fields = outer.get("M").and_then(Value::as_object).ok_or_else(unreachable_path)?.clone();
            match inner(fields.get(name))? {
                Some(value) => drop(fields.insert(name.as_str(), value)),
                None => drop(fields.remove(name)),
            }
            Ok(typed("M", Value::from(fields)))
        }
        Step::Index(index) => {
            let mut items = outer.get("L").and_then(Value::as_array).ok_or_else(unreachable_path)?.to_vec();
            match inner(items.get(*index))? {
                Some(value) if *index < items.len() => items[*index] = value,
                // Behind the end is the end.
                Some(value) => items.push(value),
                None if *index < items.len() => drop(items.remove(*index)),
                None => {}
            }
            Ok(typed("L", Value::from(items)))
        }
    }
}

fn unreachable_path() -> Refusal {
    Refusal::invalid("The document path provided in the update expression is invalid for update")
}

pub(super) fn typed(kind: &str, value: Value) -> Value {
    [(kind, value)].into_iter().collect()
}

/// The type of an attribute value and what it holds: `S`, `N`, `L`, ..
pub(super) fn parts(value: &Value) -> Option<(&str, &Value)> {
    let (kind, held) = value.as_object()?.iter().next()?;
    Some((kind, held))
}

/// How two values of one ordered type stand to each other.
pub(super) fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (parts(one)?, parts(other)?) {
        (("N", one), ("N", other)) => number(one)?.partial_cmp(&number(other)?),
        (("S", one), ("S", other)) | (("B", one), ("B", other)) => Some(one.as_str()?.cmp(other.as_str()?)),
        _ => None,
    }
}

pub(super) fn equal(one: &Value, other: &Value) -> bool {
    one == other || order(one, other) == Some(Ordering::Equal)
}

/// Numbers travel as texts; documents also write them bare.
fn number(held: &Value) -> Option<f64> {
    held.as_f64().or_else(|| held.as_str()?.parse().ok())
}

/// The sum of two numbers, exact where both are whole.
pub(super) fn sum(one: &Value, other: &Value, is_minus: bool) -> Option<Value> {
    let (("N", one), ("N", other)) = (parts(one)?, parts(other)?) else { return None };
    let whole =
        |held: &Value| held.as_str().map_or_else(|| held.as_i64().map(i128::from), |text| text.parse().ok());
    let text = if let Some((one, other)) = whole(one).zip(whole(other)) {
        (if is_minus { one.checked_sub(other) } else { one.checked_add(other) })?.to_string()
    } else {
        let (one, other) = (number(one)?, number(other)?);
        (if is_minus { one - other } else { one + other }).to_string()
    };
    Some(typed("N", Value::from(text)))
}

/// The union of two sets of one type, or what is left of the first without the second.
pub(super) fn combined(one: &Value, other: &Value, is_minus: bool) -> Option<Value> {
    let ((kind, one), (other_kind, other)) = (parts(one)?, parts(other)?);
    if kind != other_kind || !matches!(kind, "SS" | "NS" | "BS") {
        return None;
    }
    let (one, other) = (one.as_array()?, other.as_array()?);
    let combined: Vec<Value> = if is_minus {
        one.iter().filter(|value| !other.contains(value)).cloned().collect()
    } else {
        one.iter().chain(other.iter().filter(|value| !one.contains(value))).cloned().collect()
    };
    Some(typed(kind, Value::from(combined)))
}

/// `size()`.
pub(super) fn size(value: &Value) -> Option<Value> {
    let (kind, held) = parts(value)?;
    let size = match kind {
        "S" => held.as_str()?.len(),
        "L" | "SS" | "NS" | "BS" => held.as_array()?.len(),
        "M" => held.as_object()?.len(),
        _ => return None,
    };
    Some(typed("N", Value::from(size.to_string())))
}
