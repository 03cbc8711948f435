//! Paths: each step maps the sequence of the step before it, and flattens what it finds.
//! Separate because the rules of flattening and of single elements are the heart of the language.

use std::rc::Rc;

use super::frame::Frame;
use super::{Evaluator, Outcome, context};
use crate::error::Fault;
use crate::syntax::ast::{Kind, Node, Path, Stage, VariableName};
use crate::value::{Array, Flags, Value};

/// What the steps so far have found.
pub(super) enum Found {
    /// A sequence of one element, which may be undefined at the very start.
    One(Option<Value>),
    /// A sequence, or an array as it stands in the data.
    Many(Array),
}

impl Found {
    pub(super) fn nothing() -> Self {
        Self::Many(Array::sequence(Vec::new()))
    }

    /// As the array it is.
    pub(super) fn into_array(self) -> Array {
        match self {
            Self::One(value) => Array::sequence(value.into_iter().collect()),
            Self::Many(items) => items,
        }
    }
}

impl<'a> Evaluator<'a> {
    /// A path whose steps only read fields: objects are walked by reference, and only the result is cloned. From
    /// the first array on, the general rules apply.
    pub(super) fn fields(&self, path: &'a Path, input: Option<&Value>, frame: &Rc<Frame>) -> Outcome {
        self.spend(1)?;
        let mut names = path.steps.iter();
        let start;
        let mut current = input;
        if let Some(Node { kind: Kind::Variable(variable), .. }) = path.steps.first() {
            names.next();
            current = if variable.name == VariableName::Context {
                context(input)
            } else {
                start = self.variable(variable, frame);
                start.as_ref()
            };
        }
        loop {
            match current {
                // An array of one context is what stands at the start of a path, elsewhere it is flattened.
                Some(Value::Array(items)) => {
                    let rest = names.as_slice();
                    let is_start = rest.len() == path.steps.len();
                    let found = if is_start {
                        Found::Many(items.clone())
                    } else {
                        single_result(Value::Array(items.clone()), rest.is_empty())
                    };
                    return self.walked(rest, found, frame);
                }
                Some(Value::Object(fields)) if names.len() > 0 => {
                    let Some(Node { kind: Kind::Name(name), .. }) = names.next() else { return Ok(None) };
                    current = fields.get(name);
                }
                other => return Ok(if names.len() > 0 { None } else { other.cloned() }),
            }
        }
    }

    /// The steps of a path that follow what is already found.
    fn walked(&self, steps: &'a [Node], mut found: Found, frame: &Rc<Frame>) -> Outcome {
        for (at, step) in steps.iter().enumerate() {
            if matches!(&found, Found::Many(items) if items.is_empty()) {
                break;
            }
            found = self.step(step, found, frame, at + 1 == steps.len())?;
        }
        Ok(match found {
            Found::One(value) => value,
            Found::Many(items) => Some(Value::Array(items)),
        })
    }

    pub(super) fn path(
        &self,
        node: &'a Node,
        path: &'a Path,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let Some((first, rest)) = path.steps.split_first() else { return Ok(None) };
        let mut found = match input {
            Some(Value::Array(items)) if !matches!(first.kind, Kind::Variable(_)) => {
                Found::Many(items.clone())
            }
            other => Found::One(other.cloned()),
        };
        if path.steps.iter().any(|step| step.tuple) {
            return self.tuple_path(node, path, found, frame);
        }
        found = if first.constructs_array {
            self.constructed(first, found, frame)?
        } else {
            self.step(first, found, frame, rest.is_empty())?
        };
        for (at, step) in rest.iter().enumerate() {
            if matches!(&found, Found::Many(items) if items.is_empty()) {
                break;
            }
            found = self.step(step, found, frame, at + 1 == rest.len())?;
        }
        let mut result = match found {
            Found::One(Some(value)) if !path.keep_singleton && !node.keep_array && node.group.is_none() => {
                return Ok(Some(value));
            }
            found => found.into_array(),
        };
        if path.keep_singleton {
            result = keep_singleton(result);
        }
        match &node.group {
            Some(group) => self.group(group, Some(&Value::Array(result)), frame).map(Some),
            None => Ok(Some(Value::Array(result))),
        }
    }

    /// The first step when it is an array constructor: its result is the sequence.
    pub(super) fn constructed(
        &self,
        step: &'a Node,
        found: Found,
        frame: &Rc<Frame>,
    ) -> Result<Found, Fault> {
        let context = match found {
            Found::One(None) => None,
            found => Some(Value::Array(found.into_array())),
        };
        Ok(match self.eval(step, context.as_ref(), frame)? {
            Some(Value::Array(items)) => Found::Many(items),
            _ => Found::nothing(),
        })
    }

    pub(super) fn step(
        &self,
        step: &'a Node,
        found: Found,
        frame: &Rc<Frame>,
        is_last: bool,
    ) -> Result<Found, Fault> {
        if let Kind::Sort(terms) = &step.kind {
            let sorted = self.sort(terms, found.into_array(), step.span, frame)?;
            return Ok(Found::Many(self.stages(&step.stages, sorted, frame)?));
        }
        match found {
            Found::One(item) => {
                let result = self.step_on(step, item.as_ref(), frame)?;
                Ok(result.map_or_else(Found::nothing, |value| single_result(value, is_last)))
            }
            Found::Many(items) => self.step_over(step, &items, frame, is_last),
        }
    }

    fn step_over(
        &self,
        step: &'a Node,
        items: &Array,
        frame: &Rc<Frame>,
        is_last: bool,
    ) -> Result<Found, Fault> {
        self.spend(items.len() as u64 / 8)?;
        let mut results = Vec::with_capacity(items.len());
        let mut nested = false;
        for item in items {
            if let Some(value) = self.step_on(step, item.present(), frame)? {
                nested |= is_flattened(&value);
                results.push(value);
            }
        }
        if results.len() == 1 {
            return Ok(single_result(results.swap_remove(0), is_last));
        }
        if !nested {
            return Ok(Found::Many(Array::sequence(results)));
        }
        let mut flat = Vec::with_capacity(results.len());
        for value in results {
            match value {
                Value::Array(items) if !items.flags().has(Flags::CONSTRUCTED) => {
                    self.check_sequence(flat.len() + items.len())?;
                    flat.extend_from_slice(&items);
                }
                value => flat.push(value),
            }
        }
        Ok(Found::Many(Array::sequence(flat)))
    }

    /// A step on one element, with the filters behind it.
    fn step_on(&self, step: &'a Node, item: Option<&Value>, frame: &Rc<Frame>) -> Outcome {
        let mut result = self.eval(step, item, frame)?;
        for stage in &step.stages {
            if let Stage::Filter(predicate) = stage {
                result = Some(Value::Array(self.filter(predicate, result, frame)?));
            }
        }
        Ok(result)
    }

    /// The filters and positions behind a step whose results stand together.
    pub(super) fn stages(
        &self,
        stages: &'a [Stage],
        mut items: Array,
        frame: &Rc<Frame>,
    ) -> Result<Array, Fault> {
        for stage in stages {
            items = match stage {
                Stage::Filter(predicate) => self.filter(predicate, Some(Value::Array(items)), frame)?,
                Stage::Index(symbol) => {
                    self.spend(items.len() as u64)?;
                    self.numbered(&items, *symbol)
                }
            };
        }
        Ok(items)
    }
}

/// What a step gives when only one of its results is there.
fn single_result(value: Value, is_last: bool) -> Found {
    match value {
        Value::Array(items) if is_last && !items.is_sequence() => Found::Many(items),
        Value::Array(items) if !items.flags().has(Flags::CONSTRUCTED) => {
            Found::Many(items.flagged(Flags::SEQUENCE))
        }
        value => Found::One(Some(value)),
    }
}

fn is_flattened(value: &Value) -> bool {
    matches!(value, Value::Array(items) if !items.flags().has(Flags::CONSTRUCTED))
}

/// Marks the result of a path written with `[]`.
pub(super) fn keep_singleton(result: Array) -> Array {
    let flags = result.flags();
    if flags.has(Flags::CONSTRUCTED) && !flags.has(Flags::SEQUENCE) {
        return Array::sequence(vec![Value::Array(result)]).flagged(Flags::SEQUENCE | Flags::KEEP_SINGLETON);
    }
    result.flagged(flags | Flags::KEEP_SINGLETON)
}
