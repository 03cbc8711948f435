//! What a condition or an update means for an item.
//! Separate from how they are written.

use std::cmp::Ordering;

use sfn_asl::Value;
use sfn_jsonata::Object;

use super::Refusal;
use super::item::{Path, combined, equal, order, parts, size, sum, typed};

/// Something that comes to a value.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Value(Value),
    Path(Path),
    Size(Path),
    IfNotExists(Path, Box<Operand>),
    ListAppend(Box<Operand>, Box<Operand>),
    Sum { one: Box<Operand>, other: Box<Operand>, is_minus: bool },
}

/// A condition, parsed.
#[derive(Debug)]
pub(super) enum Condition {
    Compare(Operand, Comparison, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
    Type(Path, Operand),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operand {
    fn of(&self, item: &Object) -> Option<Value> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Path(path) => path.get(item).cloned(),
            Self::Size(path) => size(path.get(item)?),
            Self::IfNotExists(path, otherwise) => path.get(item).cloned().or_else(|| otherwise.of(item)),
            Self::ListAppend(one, other) => {
                let (one, other) = (one.of(item)?, other.of(item)?);
                let (one, other) = (one.get("L")?.as_array()?, other.get("L")?.as_array()?);
                Some(typed("L", one.iter().chain(other).cloned().collect()))
            }
            Self::Sum { one, other, is_minus } => sum(&one.of(item)?, &other.of(item)?, *is_minus),
        }
    }
}

impl Comparison {
    fn holds(self, one: &Value, other: &Value) -> bool {
        match self {
            Self::Equal => equal(one, other),
            Self::NotEqual => !equal(one, other),
            Self::Less => order(one, other) == Some(Ordering::Less),
            Self::LessOrEqual => order(one, other).is_some_and(Ordering::is_le),
            Self::Greater => order(one, other) == Some(Ordering::Greater),
            Self::GreaterOrEqual => order(one, other).is_some_and(Ordering::is_ge),
        }
    }
}

impl Condition {
    /// Whether it holds for an item; one that is not there is empty.
    pub(super) fn holds(&self, item: &Object) -> bool {
        match self {
            Self::Compare(one, comparison, other) => match (one.of(item), other.of(item)) {
                (Some(one), Some(other)) => comparison.holds(&one, &other),
                // What is not there differs from anything that is.
                (one, other) => *comparison == Comparison::NotEqual && one.is_some() != other.is_some(),
            },
            Self::Between(value, low, high) => {
                let Some(value) = value.of(item) else { return false };
                let is = |bound: &Operand, comparison: Comparison| {
                    bound.of(item).is_some_and(|bound| comparison.holds(&value, &bound))
                };
                is(low, Comparison::GreaterOrEqual) && is(high, Comparison::LessOrEqual)
            }
            Self::In(value, list) => value.of(item).is_some_and(|value| {
                list.iter().any(|one| one.of(item).is_some_and(|one| equal(&value, &one)))
            }),
            Self::Exists(path) => path.get(item).is_some(),
            Self::BeginsWith(value, start) => {
                value.of(item).zip(start.of(item)).is_some_and(|(value, start)| {
                    let (value, start) =
                        (value.get("S").and_then(Value::as_str), start.get("S").and_then(Value::as_str));
                    value.zip(start).is_some_and(|(value, start)| value.starts_with(start))
                })
            }
            Self::Contains(value, part) => {
                value.of(item).zip(part.of(item)).is_some_and(|(value, part)| contains(&value, &part))
            }
            Self::Type(path, kind) => path.get(item).zip(kind.of(item)).is_some_and(|(value, kind)| {
                parts(value).map(|(found, _)| found) == kind.get("S").and_then(Value::as_str)
            }),
            Self::And(one, other) => one.holds(item) && other.holds(item),
            Self::Or(one, other) => one.holds(item) || other.holds(item),
            Self::Not(condition) => !condition.holds(item),
        }
    }
}

fn contains(value: &Value, part: &Value) -> bool {
    let Some(((kind, held), (_, wanted))) = parts(value).zip(parts(part)) else { return false };
    match kind {
        "S" => held.as_str().zip(wanted.as_str()).is_some_and(|(text, part)| text.contains(part)),
        "L" => held.as_array().is_some_and(|items| items.iter().any(|item| equal(item, part))),
        _ => held.as_array().is_some_and(|items| items.contains(wanted)),
    }
}

/// An update, parsed: what happens where.
#[derive(Debug, Default)]
pub(super) struct Update {
    pub(super) actions: Vec<(Path, Action)>,
}

#[derive(Debug)]
pub(super) enum Action {
    Set(Operand),
    Remove,
    Add(Operand),
    Delete(Operand),
}

impl Update {
    /// The names of the attributes it may change.
    pub(super) fn touched(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(|(path, _)| path.name.as_str())
    }

    /// The item after the update. Everything is evaluated before anything changes.
    pub(super) fn apply(&self, before: &Object) -> Result<Object, Refusal> {
        let mut after = before.clone();
        for (path, action) in &self.actions {
            let new = action.outcome(path.get(before), before)?;
            // Removing what is not there changes nothing, wherever it is not.
            if new.is_some() || path.get(&after).is_some() {
                path.put(&mut after, new)?;
            }
        }
        Ok(after)
    }
}

impl Action {
    /// What stands at the path afterwards.
    fn outcome(&self, old: Option<&Value>, item: &Object) -> Result<Option<Value>, Refusal> {
        let wrong_type =
            || Refusal::invalid("An operand in the update expression has an incorrect data type");
        let missing = || {
            Refusal::invalid("The provided expression refers to an attribute that does not exist in the item")
        };
        Ok(match self {
            Self::Set(operand) => Some(operand.of(item).ok_or_else(missing)?),
            Self::Remove => None,
            Self::Add(operand) => {
                let added = operand.of(item).ok_or_else(missing)?;
                let Some(old) = old else { return Ok(Some(added)) };
                Some(
                    sum(old, &added, false)
                        .or_else(|| combined(old, &added, false))
                        .ok_or_else(wrong_type)?,
                )
            }
            Self::Delete(operand) => {
                let Some(old) = old else { return Ok(None) };
                let rest =
                    combined(old, &operand.of(item).ok_or_else(missing)?, true).ok_or_else(wrong_type)?;
                // There are no empty sets.
                Some(rest).filter(|rest| parts(rest).is_some_and(|(_, held)| held.as_array() != Some(&[])))
            }
        })
    }
}
