//! Judging elements by a Path's filter, with the coercions of the library.
//! Separate from the walk because comparing values is a matter of its own.

use std::borrow::Cow;
use std::cmp::Ordering;

use sfn_asl::Value;
use sfn_asl::path::{Filter, FilterOperand, Operator, Path, Pattern, Root};

use super::walk::{Dialect, Found, Miss, Rules, find_within};

/// Whether the filter picks the element.
pub(super) fn accepts(
    filter: &Filter,
    element: &Value,
    document: &Value,
    dialect: Dialect,
    steps: &mut usize,
) -> Result<bool, Miss> {
    match (Judge { element, document, dialect, steps }).accepts(filter) {
        Ok(accepted) => Ok(accepted),
        Err(Refusal::Element) => Ok(false),
        Err(Refusal::Path(miss)) => Err(miss),
    }
}

/// Why a filter comes to no judgement.
enum Refusal {
    /// An operator is used on a kind of value it is not for: the element is not picked, whatever the rest says.
    Element,
    /// The whole Path fails.
    Path(Miss),
}

struct Judge<'j> {
    element: &'j Value,
    document: &'j Value,
    dialect: Dialect,
    steps: &'j mut usize,
}

/// One side of a comparison, evaluated.
enum Side<'f> {
    Value(Cow<'f, Value>),
    Pattern(&'f Pattern),
    /// A Path that finds nothing.
    Undefined,
}

impl Judge<'_> {
    fn accepts(&mut self, filter: &Filter) -> Result<bool, Refusal> {
        match filter {
            Filter::Any(filters) => {
                for filter in filters {
                    if self.accepts(filter)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::All(filters) => {
                for filter in filters {
                    if !self.accepts(filter)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Not(filter) => Ok(!self.accepts(filter)?),
            Filter::Exists(path) => self.exists(path),
            Filter::Missing(path) => Ok(!self.exists(path)?),
            Filter::Compare { left, operator, right } => {
                let left = self.side(left)?;
                let right = self.side(right)?;
                compare(&left, *operator, &right)
            }
        }
    }

    /// Whether the Path finds something. The library applies it to the element even when it begins with `$`.
    fn exists(&mut self, path: &Path) -> Result<bool, Refusal> {
        let rules = Rules { dialect: self.dialect, require: true };
        match find_within(path, self.element, self.document, rules, self.steps) {
            Ok(_) => Ok(true),
            Err(Miss::Absent(_)) => Ok(false),
            Err(invalid) => Err(Refusal::Path(invalid)),
        }
    }

    fn side<'f>(&mut self, operand: &'f FilterOperand) -> Result<Side<'f>, Refusal> {
        let path = match operand {
            FilterOperand::Literal(value) => return Ok(Side::Value(Cow::Borrowed(value))),
            FilterOperand::Pattern(pattern) => return Ok(Side::Pattern(pattern)),
            FilterOperand::Path(path) => path,
        };
        let value = if path.root == Root::Element { self.element } else { self.document };
        let rules = Rules { dialect: self.dialect, require: false };
        match find_within(path, value, self.document, rules, self.steps) {
            Ok(Found::Value(value)) => Ok(Side::Value(Cow::Owned(value))),
            Ok(Found::OutOfRange) => Ok(Side::Value(Cow::Owned(Value::Null))),
            Err(Miss::Absent(_)) => Ok(Side::Undefined),
            Err(invalid) => Err(Refusal::Path(invalid)),
        }
    }
}

fn compare(left: &Side<'_>, operator: Operator, right: &Side<'_>) -> Result<bool, Refusal> {
    if operator == Operator::Like {
        return match (left, right) {
            (Side::Pattern(pattern), Side::Value(value)) | (Side::Value(value), Side::Pattern(pattern)) => {
                matches(pattern, value)
            }
            _ => Ok(false),
        };
    }
    let (left, right) = match (left, right) {
        (Side::Value(left), Side::Value(right)) => (&**left, &**right),
        (Side::Undefined, Side::Value(right)) => return compare_undefined(operator, right),
        _ if operator.wants_list() => return Err(Refusal::Element),
        _ => return Ok(matches!(operator, Operator::NotEqual | Operator::StrictlyNotEqual)),
    };
    let ordered = |wanted: fn(Ordering) -> bool| order(left, right).is_some_and(wanted);
    Ok(match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::StrictlyEqual => same_kind(left, right) && equal(left, right),
        Operator::StrictlyNotEqual => !(same_kind(left, right) && equal(left, right)),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::In => matches!(list(right)?, Some(items) if holds(items, left)),
        Operator::NotIn => !matches!(list(right)?, Some(items) if holds(items, left)),
        Operator::Contains => match left {
            Value::String(text) => right.as_str().is_some_and(|part| text.contains(part)),
            Value::Array(_) => matches!(list(left)?, Some(items) if holds(items, right)),
            _ => false,
        },
        Operator::Size => right.as_f64().is_some_and(|size| {
            #[expect(clippy::cast_possible_truncation, reason = "as the library does")]
            let size = usize::try_from(size as i64).ok();
            match left {
                Value::String(text) => size == Some(text.encode_utf16().count()),
                Value::Array(items) => size == Some(items.len()),
                _ => false,
            }
        }),
        Operator::Empty => match (right.as_bool(), left) {
            (Some(empty), Value::String(text)) => text.is_empty() == empty,
            (Some(empty), Value::Array(items)) => items.is_empty() == empty,
            (Some(empty), Value::Object(fields)) => fields.is_empty() == empty,
            (None, Value::String(_) | Value::Array(_) | Value::Object(_)) => return Err(Refusal::Element),
            _ => false,
        },
        Operator::SubsetOf => sets(left, right, |left, right| left.iter().all(|item| holds(right, item)))?,
        Operator::AnyOf => sets(left, right, |left, right| left.iter().any(|item| holds(right, item)))?,
        Operator::NoneOf => sets(left, right, |left, right| !left.iter().any(|item| holds(right, item)))?,
        Operator::Exists if left.as_bool().is_some() && right.as_bool().is_some() => left == right,
        Operator::Like => false,
        // Operators for what a text cannot write: classes, predicates, lists of values that are no JSON.
        Operator::Exists | Operator::All | Operator::Type | Operator::Matches => {
            return Err(Refusal::Element);
        }
    })
}

/// A left side that is not there.
fn compare_undefined(operator: Operator, right: &Value) -> Result<bool, Refusal> {
    match operator {
        Operator::NotEqual | Operator::StrictlyNotEqual => Ok(true),
        Operator::In | Operator::NotIn => Ok(list(right).map(|_| operator == Operator::NotIn)?),
        Operator::SubsetOf | Operator::AnyOf | Operator::NoneOf if right.as_object().is_some() => Ok(false),
        operator if operator.wants_list() => Err(Refusal::Element),
        _ => Ok(false),
    }
}

/// The elements of an array, none of an object. The library gives up on arrays within arrays and on anything else.
fn list(value: &Value) -> Result<Option<&[Value]>, Refusal> {
    match value {
        Value::Array(items)
            if items.iter().any(|item| matches!(item, Value::Array(_) | Value::Object(_))) =>
        {
            Err(Refusal::Path(Miss::Invalid("Could not determine value type".to_owned())))
        }
        Value::Array(items) => Ok(Some(items)),
        Value::Object(_) => Ok(None),
        _ => Err(Refusal::Element),
    }
}

fn sets(left: &Value, right: &Value, judge: fn(&[Value], &[Value]) -> bool) -> Result<bool, Refusal> {
    let Some(right) = list(right)? else { return Ok(false) };
    Ok(list(left)?.is_some_and(|left| judge(left, right)))
}

fn holds(items: &[Value], wanted: &Value) -> bool {
    items.iter().any(|item| equal(item, wanted))
}

fn same_kind(left: &Value, right: &Value) -> bool {
    let container = |value: &Value| matches!(value, Value::Array(_) | Value::Object(_));
    std::mem::discriminant(left) == std::mem::discriminant(right) || container(left) && container(right)
}

/// Equality with the library's coercion: a text that spells a number equals it.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(number), Value::String(text)) => text.parse() == Ok(number.as_f64()),
        (Value::String(text), Value::Number(number)) => **text == *number.to_string(),
        (left, right) => left == right,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64().partial_cmp(&right.as_f64()),
        // Java compares UTF-16 units.
        (Value::String(left), Value::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        _ => None,
    }
}

fn matches(pattern: &Pattern, value: &Value) -> Result<bool, Refusal> {
    let matches = |value: &Value| match value {
        Value::String(text) => pattern.matches(text),
        Value::Number(_) | Value::Bool(_) => pattern.matches(&value.to_string()),
        _ => pattern.matches(""),
    };
    match value {
        Value::Array(_) => Ok(list(value)?.is_some_and(|items| items.iter().any(matches))),
        value => Ok(matches(value)),
    }
}
