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
    Judge { element, document, dialect, steps }.accepts(filter)
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
    fn accepts(&mut self, filter: &Filter) -> Result<bool, Miss> {
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
                Ok(compare(&left, *operator, &right))
            }
        }
    }

    /// Whether the Path finds something. The library applies it to the element even when it begins with `$`.
    fn exists(&mut self, path: &Path) -> Result<bool, Miss> {
        let rules = Rules { dialect: self.dialect, require: true };
        match find_within(path, self.element, self.document, rules, self.steps) {
            Ok(_) => Ok(true),
            Err(Miss::Absent(_)) => Ok(false),
            Err(invalid) => Err(invalid),
        }
    }

    fn side<'f>(&mut self, operand: &'f FilterOperand) -> Result<Side<'f>, Miss> {
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
            Err(invalid) => Err(invalid),
        }
    }
}

fn compare(left: &Side<'_>, operator: Operator, right: &Side<'_>) -> bool {
    if let (Operator::NotEqual | Operator::StrictlyNotEqual, Side::Undefined, _)
    | (Operator::NotEqual | Operator::StrictlyNotEqual, _, Side::Undefined) = (operator, left, right)
    {
        return true;
    }
    if operator == Operator::Like {
        return match (left, right) {
            (Side::Pattern(pattern), Side::Value(value)) | (Side::Value(value), Side::Pattern(pattern)) => {
                matches(pattern, value)
            }
            _ => false,
        };
    }
    let (Side::Value(left), Side::Value(right)) = (left, right) else { return false };
    let ordered = |wanted: fn(Ordering) -> bool| order(left, right).is_some_and(wanted);
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::StrictlyEqual => same_kind(left, right) && equal(left, right),
        Operator::StrictlyNotEqual => !(same_kind(left, right) && equal(left, right)),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::In => right.as_array().is_some_and(|items| holds(items, left)),
        Operator::NotIn => right.as_array().is_some_and(|items| !holds(items, left)),
        Operator::Contains => match (&**left, &**right) {
            (Value::String(text), Value::String(part)) => text.contains(&**part),
            (Value::Array(items), part) => holds(items, part),
            _ => false,
        },
        Operator::Size => right.as_f64().is_some_and(|size| {
            #[expect(clippy::cast_possible_truncation, reason = "as the library does")]
            let size = usize::try_from(size as i64).ok();
            match &**left {
                Value::String(text) => size == Some(text.encode_utf16().count()),
                Value::Array(items) => size == Some(items.len()),
                _ => false,
            }
        }),
        Operator::Empty => match (right.as_bool(), &**left) {
            (Some(empty), Value::String(text)) => text.is_empty() == empty,
            (Some(empty), Value::Array(items)) => items.is_empty() == empty,
            (Some(empty), Value::Object(fields)) => fields.is_empty() == empty,
            _ => false,
        },
        Operator::SubsetOf => sets(left, right, |left, right| left.iter().all(|item| holds(right, item))),
        Operator::AnyOf => sets(left, right, |left, right| left.iter().any(|item| holds(right, item))),
        Operator::NoneOf => sets(left, right, |left, right| !left.iter().any(|item| holds(right, item))),
        Operator::Exists => left.as_bool().is_some() && left == right,
        // Handled above, or only met by values that a text cannot write: classes, predicates, lists of them.
        Operator::Like | Operator::All | Operator::Type | Operator::Matches => false,
    }
}

fn sets(left: &Value, right: &Value, judge: fn(&[Value], &[Value]) -> bool) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => judge(left, right),
        _ => false,
    }
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

fn matches(pattern: &Pattern, value: &Value) -> bool {
    match value {
        Value::Array(items) => {
            items.iter().any(|item| !matches!(item, Value::Array(_)) && matches(pattern, item))
        }
        Value::String(text) => pattern.matches(text),
        Value::Number(_) | Value::Bool(_) => pattern.matches(&value.to_string()),
        Value::Null | Value::Object(_) => pattern.matches(""),
    }
}
