//! Walking a document along a Path, step by step as Jayway does.
//! Separate because what is found is one question and what the service says when nothing is another.

use std::fmt::Write;

use sfn_asl::Value;
use sfn_asl::path::{FunctionArgument, Path, Segment, Selector};

use super::{filter, function};

/// How many values one Path may look at.
const MAX_STEPS: usize = 5_000_000;

/// Whose answers are given where the service's library is set up in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// An index beyond the end finds nothing, and says so only when it is asked.
    Service,
    /// An index beyond the end is missed like a field.
    Library,
}

/// What a Path finds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    Value(Value),
    /// A place beyond the end of an array: a null that is not there.
    OutOfRange,
}

impl Found {
    pub(super) fn or_null(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::OutOfRange => Value::Null,
        }
    }
}

/// Why a Path finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// What it names is not there.
    Absent(String),
    /// It cannot be applied to what is there.
    Invalid(String),
}

impl Miss {
    pub(super) fn message(&self) -> &str {
        match self {
            Self::Absent(message) | Self::Invalid(message) => message,
        }
    }
}

/// What the Path finds in a document.
pub(super) fn find(path: &Path, document: &Value, dialect: Dialect) -> Result<Found, Miss> {
    if let Some(found) = straight(&path.segments, document) {
        return Ok(Found::Value(found.clone()));
    }
    let mut steps = MAX_STEPS;
    find_within(path, document, document, Rules { dialect, require: false }, &mut steps)
}

/// Fields and indices that are all there: the common case, without any bookkeeping.
fn straight<'d>(segments: &[Segment], document: &'d Value) -> Option<&'d Value> {
    segments.iter().try_fold(document, |value, segment| match &segment.selector {
        Selector::Child(name) => value.get(name),
        Selector::Index(index) => element(value.as_array()?, *index),
        _ => None,
    })
}

/// The element of an index that counts from the end when negative.
fn element(items: &[Value], index: i32) -> Option<&Value> {
    let from_start = match usize::try_from(index) {
        Ok(index) => index,
        Err(_) => items.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    items.get(from_start)
}

/// How strictly a Path is walked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) dialect: Dialect,
    /// Whether a missing field ends the walk even where the Path may find many: a test for existence does.
    pub(super) require: bool,
}

/// What the Path finds in `value`, which is the document or an element of it.
pub(super) fn find_within(
    path: &Path,
    value: &Value,
    document: &Value,
    rules: Rules,
    steps: &mut usize,
) -> Result<Found, Miss> {
    let segments = &path.segments[..];
    let scans = segments.first().is_some_and(|first| first.selector == Selector::Descent);
    if scans && let [scanned @ .., Segment { selector: Selector::Call(called, _), .. }] = segments {
        // Jayway reads `$..a.sum()` as `$.sum($..a)`.
        let mut walk = Walk::new(scanned, document, rules, steps);
        return function::over_scan(*called, value, &mut walk).map(Found::Value);
    }
    let mut walk = Walk::new(segments, document, rules, steps);
    walk.step(0, value, true)?;
    let mut results = walk.results;
    if path.is_definite() {
        return results
            .pop()
            .ok_or_else(|| Miss::Absent(format!("No results for path: {}", canonical(segments))));
    }
    Ok(Found::Value(results.into_iter().map(Found::or_null).collect()))
}

/// The Path in the form in which the library's messages show it.
fn canonical(segments: &[Segment]) -> String {
    let mut text = "$".to_owned();
    for segment in segments {
        // Writing to a String cannot fail.
        let _ = match &segment.selector {
            Selector::Call(function, _) => write!(text, ".{}()", function.name()),
            _ => write!(text, "{}", fragment(segment)),
        };
    }
    text
}

/// One step of it.
pub(super) fn fragment(segment: &Segment) -> String {
    let numbers = |numbers: &[i32]| numbers.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    let bound = |bound: &Option<i32>| bound.map_or_else(String::new, |bound| bound.to_string());
    match &segment.selector {
        Selector::Child(name) => format!("['{name}']"),
        Selector::Children(names) => format!("['{}']", names.join("','")),
        Selector::Wildcard => "[*]".to_owned(),
        Selector::Descent => "..".to_owned(),
        Selector::Index(index) => format!("[{index}]"),
        Selector::Indices(indices) => format!("[{}]", numbers(indices)),
        Selector::Slice(from, to) => format!("[{}:{}]", bound(from), bound(to)),
        Selector::Filter(_) => "[?]".to_owned(),
        Selector::Call(function, _) => function.name().to_owned(),
    }
}

/// The library's name for the kind of a value.
fn class(value: &Value) -> &'static str {
    match value {
        Value::Null => "com.fasterxml.jackson.databind.node.NullNode",
        Value::Bool(_) => "com.fasterxml.jackson.databind.node.BooleanNode",
        Value::Number(number) => match number.as_i64() {
            Some(integer) if i32::try_from(integer).is_ok() => "com.fasterxml.jackson.databind.node.IntNode",
            Some(_) => "com.fasterxml.jackson.databind.node.LongNode",
            None => "com.fasterxml.jackson.databind.node.DoubleNode",
        },
        Value::String(_) => "com.fasterxml.jackson.databind.node.TextNode",
        Value::Array(_) => "com.fasterxml.jackson.databind.node.ArrayNode",
        Value::Object(_) => "com.fasterxml.jackson.databind.node.ObjectNode",
    }
}

/// A walk along the steps of one Path.
pub(super) struct Walk<'w> {
    pub(super) segments: &'w [Segment],
    pub(super) document: &'w Value,
    pub(super) rules: Rules,
    pub(super) steps: &'w mut usize,
    pub(super) results: Vec<Found>,
    /// The place in an array that a deep scan last handed to the last step; the library keeps what the last step finds
    /// only when the step before names that place.
    scanned: Option<usize>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        segments: &'w [Segment],
        document: &'w Value,
        rules: Rules,
        steps: &'w mut usize,
    ) -> Self {
        Self { segments, document, rules, steps, results: Vec::new(), scanned: None }
    }

    fn is_last(&self, at: usize) -> bool {
        at + 1 == self.segments.len()
    }

    /// Takes the step `at` and all behind it; `definite` says whether all before it name a single place.
    pub(super) fn step(&mut self, at: usize, value: &Value, definite: bool) -> Result<(), Miss> {
        self.count()?;
        let Some(segment) = self.segments.get(at) else {
            self.results.push(Found::Value(value.clone()));
            return Ok(());
        };
        match &segment.selector {
            Selector::Child(name) => self.fields(at, segment, std::slice::from_ref(name), value, definite),
            Selector::Children(names) => self.fields(at, segment, names, value, definite),
            Selector::Wildcard => self.wildcard(at, value),
            Selector::Descent => self.descend(at, value),
            Selector::Index(index) => {
                let Some(items) = self.items(at, value, definite)? else { return Ok(()) };
                self.index(at, items, *index, definite)
            }
            Selector::Indices(indices) => {
                let Some(items) = self.items(at, value, definite)? else { return Ok(()) };
                indices.iter().try_for_each(|index| self.index(at, items, *index, false))
            }
            Selector::Slice(from, to) => {
                let Some(items) = self.items(at, value, definite)? else { return Ok(()) };
                slice(*from, *to, items.len()).try_for_each(|index| self.index(at, items, index, false))
            }
            Selector::Filter(filter) => self.filter(at, filter, value, definite),
            Selector::Call(called, arguments) => {
                let result = self.call(*called, arguments, value)?;
                self.results.push(Found::Value(result.clone()));
                if self.is_last(at) { Ok(()) } else { self.step(at + 1, &result, definite) }
            }
        }
    }

    fn count(&mut self) -> Result<(), Miss> {
        match self.steps.checked_sub(1) {
            Some(left) => {
                *self.steps = left;
                Ok(())
            }
            None => Err(Miss::Invalid(format!("the path looks at more than {MAX_STEPS} values"))),
        }
    }

    fn fields(
        &mut self,
        at: usize,
        segment: &Segment,
        names: &[std::sync::Arc<str>],
        value: &Value,
        definite: bool,
    ) -> Result<(), Miss> {
        let Value::Object(fields) = value else {
            if !definite {
                return Ok(());
            }
            let message = format!(
                "Expected to find an object with property {} in path {} but found '{}'. This is not a json object \
                 according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
                fragment(segment),
                canonical(&self.segments[..at]),
                class(value),
            );
            return Err(Miss::Absent(message));
        };
        if let [name] = names {
            return self.field(at, name, fields.get(name), definite);
        }
        if !self.is_last(at) {
            return names.iter().try_for_each(|name| self.field(at, name, fields.get(name), false));
        }
        if self.rules.require && names.iter().any(|name| !fields.contains_key(name)) {
            return Err(self.missing_property(at, &fragment(segment)));
        }
        let found =
            names.iter().filter_map(|name| Some((std::sync::Arc::clone(name), fields.get(name)?.clone())));
        self.results.push(Found::Value(found.collect()));
        Ok(())
    }

    /// Goes on with a field, or says that it is not there.
    fn field(&mut self, at: usize, name: &str, value: Option<&Value>, definite: bool) -> Result<(), Miss> {
        let last = self.is_last(at);
        match value {
            Some(value) if last => {
                let expected = self.scanned.map(|index| format!("[{index}]"));
                let before = at.checked_sub(1).map(|before| fragment(&self.segments[before]));
                if expected.is_none() || expected == before {
                    self.results.push(Found::Value(value.clone()));
                }
                Ok(())
            }
            Some(value) => self.step(at + 1, value, definite),
            None if last && !self.rules.require => Ok(()),
            None if last => {
                Err(Miss::Absent(format!("No results for path: {}", canonical(&self.segments[..=at]))))
            }
            None if definite || self.rules.require => Err(self.missing_property(at, &format!("['{name}']"))),
            None => Ok(()),
        }
    }

    fn missing_property(&self, at: usize, fragment: &str) -> Miss {
        Miss::Absent(format!("Missing property in path {}{fragment}", canonical(&self.segments[..at])))
    }

    fn items<'v>(&self, at: usize, value: &'v Value, definite: bool) -> Result<Option<&'v [Value]>, Miss> {
        match value.as_array() {
            None if definite => Err(Miss::Absent(format!(
                "Filter: {} can only be applied to arrays. Current context is: {value}",
                fragment(&self.segments[at])
            ))),
            items => Ok(items),
        }
    }

    fn index(&mut self, at: usize, items: &[Value], index: i32, definite: bool) -> Result<(), Miss> {
        match element(items, index) {
            Some(value) => self.element(at, value, definite),
            None if self.rules.dialect == Dialect::Library => Ok(()),
            None if self.is_last(at) => {
                self.results.push(Found::OutOfRange);
                Ok(())
            }
            None => self.step(at + 1, &Value::Null, definite),
        }
    }

    fn element(&mut self, at: usize, value: &Value, definite: bool) -> Result<(), Miss> {
        self.step(at + 1, value, definite)
    }

    fn wildcard(&mut self, at: usize, value: &Value) -> Result<(), Miss> {
        match value {
            Value::Object(fields) => {
                fields.iter().try_for_each(|(name, value)| self.field(at, name, Some(value), false))
            }
            Value::Array(items) => {
                for item in items {
                    match self.element(at, item, false) {
                        Err(Miss::Absent(_)) if !self.rules.require => {}
                        outcome => outcome?,
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn filter(
        &mut self,
        at: usize,
        filter: &sfn_asl::path::Filter,
        value: &Value,
        definite: bool,
    ) -> Result<(), Miss> {
        match value {
            Value::Object(_) => {
                if self.accepts(filter, value)? {
                    self.element(at, value, false)?;
                }
                Ok(())
            }
            Value::Array(items) => {
                for item in items {
                    if self.accepts(filter, item)? {
                        self.element(at, item, false)?;
                    }
                }
                Ok(())
            }
            _ if definite => Err(Miss::Absent(format!(
                "Filter: [?] can not be applied to primitives. Current context is: {value}"
            ))),
            _ => Ok(()),
        }
    }

    fn accepts(&mut self, filter: &sfn_asl::path::Filter, value: &Value) -> Result<bool, Miss> {
        filter::accepts(filter, value, self.document, self.rules.dialect, self.steps)
    }

    /// `..`: the step behind it is taken wherever in the value it can be.
    fn descend(&mut self, at: usize, value: &Value) -> Result<(), Miss> {
        self.count()?;
        let Some(segment) = self.segments.get(at + 1) else { return Ok(()) };
        let applies = match &segment.selector {
            Selector::Child(name) => has_all(value, std::slice::from_ref(name)),
            Selector::Children(names) => {
                value.as_object().is_some() && (!self.is_last(at + 1) || has_all(value, names))
            }
            Selector::Index(_) | Selector::Indices(_) | Selector::Slice(..) => value.as_array().is_some(),
            Selector::Wildcard => matches!(value, Value::Array(_) | Value::Object(_)),
            Selector::Filter(filter) => self.accepts(filter, value)?,
            Selector::Descent | Selector::Call(..) => false,
        };
        match value {
            Value::Object(fields) => {
                if applies {
                    self.step(at + 1, value, false)?;
                }
                fields.iter().try_for_each(|(_, value)| self.descend(at, value))
            }
            Value::Array(items) => {
                if applies && self.is_last(at + 1) {
                    self.step(at + 1, value, false)?;
                } else if applies {
                    // The library hands every element on, whatever the step behind `..` picks.
                    for (index, item) in items.iter().enumerate() {
                        if self.is_last(at + 2) {
                            self.scanned = Some(index);
                        }
                        self.step(at + 2, item, false)?;
                    }
                }
                items.iter().try_for_each(|item| self.descend(at, item))
            }
            _ => Ok(()),
        }
    }

    fn call(
        &mut self,
        called: sfn_asl::path::Function,
        arguments: &[FunctionArgument],
        value: &Value,
    ) -> Result<Value, Miss> {
        function::call(called, arguments, value, self)
    }
}

fn has_all(value: &Value, names: &[std::sync::Arc<str>]) -> bool {
    value.as_object().is_some_and(|fields| names.iter().all(|name| fields.contains_key(name)))
}

/// The indices of a slice. The library counts up from a negative first to a positive last through zero.
fn slice(from: Option<i32>, to: Option<i32>, length: usize) -> std::ops::Range<i32> {
    let length = i32::try_from(length).unwrap_or(i32::MAX);
    match (from, to) {
        (Some(from), Some(to)) => from.max(-length.saturating_mul(2))..to.min(length),
        (Some(from), None) if from < 0 => (length.saturating_add(from)).max(0)..length,
        (Some(from), None) => from..length,
        (None, Some(to)) if to < 0 => 0..length.saturating_add(to),
        (None, Some(to)) => 0..to.min(length),
        (None, None) => 0..length,
    }
}
