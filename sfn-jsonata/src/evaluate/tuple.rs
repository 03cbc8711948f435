//! Paths over tuples: items that carry the variables (`@`, `#`) and ancestors (`%`) bound on their way.
//! Separate because a tuple is an item with memory, and plain paths should not pay for it.

use std::rc::Rc;
use std::sync::Arc;

use super::frame::Frame;
use super::path::{Found, keep_singleton};
use super::{Evaluator, Outcome};
use crate::error::Fault;
use crate::syntax::ast::{Kind, Node, Path, Symbol};
use crate::value::{Array, Flags, Object, Value};

/// The field of a tuple that holds the item itself.
const ITEM: &str = "@";

/// A stream of tuples under construction.
const STREAM: Flags = Flags::SEQUENCE;

impl<'a> Evaluator<'a> {
    pub(super) fn tuple_path(
        &self,
        node: &'a Node,
        path: &'a Path,
        start: Found,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let mut found = start;
        let mut tuples: Option<Array> = None;
        let mut in_tuples = false;
        for (at, step) in path.steps.iter().enumerate() {
            in_tuples |= step.tuple;
            if at == 0 && step.constructs_array {
                found = self.constructed(step, found, frame)?;
            } else if in_tuples {
                let input = std::mem::replace(&mut found, Found::nothing());
                tuples = Some(self.tuple_step(step, input, tuples, frame)?);
            } else {
                found = self.step(step, found, frame, at + 1 == path.steps.len())?;
                if matches!(&found, Found::Many(items) if items.is_empty()) {
                    break;
                }
            }
        }
        // A path that found nothing before its first tuple has none.
        let stream = tuples.unwrap_or_else(|| found.into_array());
        if let Some(group) = &node.group {
            return self.group(group, Some(&Value::Array(stream)), frame).map(Some);
        }
        let result = if node.tuple {
            stream
        } else {
            Array::sequence(stream.iter().filter_map(|tuple| tuple.get(ITEM).cloned()).collect())
        };
        Ok(Some(Value::Array(if path.keep_singleton { keep_singleton(result) } else { result })))
    }

    fn tuple_step(
        &self,
        step: &'a Node,
        input: Found,
        tuples: Option<Array>,
        frame: &Rc<Frame>,
    ) -> Result<Array, Fault> {
        let result = if let Kind::Sort(terms) = &step.kind {
            if let Some(tuples) = tuples {
                self.sort(terms, tuples, step.span, frame)?
            } else {
                let sorted = self.sort(terms, input.into_array(), step.span, frame)?;
                let stream = as_tuples(Found::Many(sorted)).flagged(STREAM | Flags::TUPLES);
                step.index.map_or_else(|| stream.clone(), |index| self.numbered(&stream, index))
            }
        } else {
            let tuples = tuples.unwrap_or_else(|| as_tuples(input));
            self.tuples_of(step, &tuples, frame)?
        };
        self.stages(&step.stages, result, frame)
    }

    /// Evaluates a step on every tuple; each result becomes a tuple that remembers what the old one knew.
    fn tuples_of(&self, step: &'a Node, tuples: &Array, frame: &Rc<Frame>) -> Result<Array, Fault> {
        let mut stream = Vec::new();
        for tuple in tuples {
            let Value::Object(tuple) = tuple else { continue };
            let item = tuple.get(ITEM).and_then(Value::present);
            let inside = Rc::new(Frame::of_tuple(Rc::clone(frame), Arc::clone(tuple)));
            let results = match self.eval(step, item, &inside)? {
                None => continue,
                Some(Value::Array(results)) => results,
                Some(single) => Array::from(vec![single]),
            };
            self.check_sequence(stream.len() + results.len())?;
            self.spend(1 + results.len() as u64)?;
            for (at, result) in results.iter().enumerate() {
                let mut fresh = Object::clone(tuple);
                match result {
                    Value::Object(inner) if results.flags().has(Flags::TUPLES) => {
                        fresh.extend(inner.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
                    }
                    result => self.remember(step, &mut fresh, item, result, at),
                }
                stream.push(Value::from(fresh));
            }
        }
        Ok(Array::sequence(stream).flagged(STREAM | Flags::TUPLES))
    }

    fn remember(&self, step: &Node, fresh: &mut Object, item: Option<&Value>, result: &Value, at: usize) {
        match step.focus {
            Some(focus) => fresh.insert(Arc::clone(self.name(focus)), result.clone()),
            None => fresh.insert(ITEM, result.clone()),
        };
        if let Some(index) = step.index {
            fresh.insert(Arc::clone(self.name(index)), position(at));
        }
        if let (Some(slot), Some(item)) = (step.ancestor, item) {
            let label = &self.program.ancestor_labels[slot.0 as usize];
            fresh.insert(Arc::clone(label), item.clone());
        }
    }

    /// Gives every tuple its position under a name.
    pub(super) fn numbered(&self, tuples: &Array, index: Symbol) -> Array {
        let flags = tuples.flags();
        let numbered = tuples.iter().enumerate().map(|(at, tuple)| match tuple {
            Value::Object(tuple) => {
                let mut fresh = Object::clone(tuple);
                fresh.insert(Arc::clone(self.name(index)), position(at));
                Value::from(fresh)
            }
            other => other.clone(),
        });
        numbered.collect::<Array>().flagged(flags)
    }
}

/// The item of a tuple, and the frame in which what the tuple knows are variables.
pub(super) fn open(tuple: &Value, frame: &Rc<Frame>) -> (Option<Value>, Rc<Frame>) {
    match tuple {
        Value::Object(tuple) => {
            let inside = Frame::of_tuple(Rc::clone(frame), Arc::clone(tuple));
            (tuple.get(ITEM).and_then(Value::present).cloned(), Rc::new(inside))
        }
        other => (Some(other.clone()), Rc::clone(frame)),
    }
}

/// Several tuples as one: what each knows, joined.
pub(super) fn merged(tuples: &Array) -> Value {
    let mut merged = Object::default();
    for tuple in tuples {
        let Value::Object(tuple) = tuple else { continue };
        for (name, value) in tuple.iter() {
            let joined = match merged.remove(name) {
                Some(known) => super::group::joined(known, value.clone()),
                None => value.clone(),
            };
            merged.insert(Arc::clone(name), joined);
        }
    }
    Value::from(merged)
}

fn as_tuples(input: Found) -> Array {
    match input {
        Found::One(None) => Array::from(vec![Value::empty_object()]),
        found => found.into_array().iter().map(|item| Value::from_iter([(ITEM, item.clone())])).collect(),
    }
}

fn position(at: usize) -> Value {
    Value::from(i64::try_from(at).unwrap_or(i64::MAX))
}
