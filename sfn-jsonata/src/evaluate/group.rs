//! Object constructors and group-by clauses, which are the same thing over one item or many.
//! Separate because keys are gathered first and values evaluated afterwards, once per key.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::frame::Frame;
use super::{Evaluator, tuple};
use crate::error::{Fault, at, fault};
use crate::syntax::ast::{Group, Kind};
use crate::value::{Array, Flags, Object, Value};

/// Above this many keys they are found by hashing.
const SCANNED: usize = 12;

/// The items that share a key.
struct Entry {
    key: Arc<str>,
    /// `None` when the only item is undefined.
    items: Option<Value>,
    /// Which of the pairs made the key.
    pair: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) fn group(
        &self,
        group: &'a Group,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Result<Value, Fault> {
        if group.distinct_names && !matches!(input, Some(Value::Array(_))) {
            return self.object(group, input, frame);
        }
        let of_tuples = matches!(input, Some(Value::Array(items)) if items.flags().has(Flags::TUPLES));
        let mut entries = Vec::with_capacity(group.pairs.len());
        let mut positions = HashMap::new();
        match input {
            Some(Value::Array(items)) if !items.is_empty() => {
                for item in items {
                    self.gather(group, item.present(), of_tuples, frame, &mut entries, &mut positions)?;
                }
            }
            None | Some(Value::Array(_)) => {
                self.gather(group, None, false, frame, &mut entries, &mut positions)?;
            }
            single => self.gather(group, single, false, frame, &mut entries, &mut positions)?,
        }
        let mut result = Object::with_capacity(entries.len());
        let mut opened: Vec<Arc<Object>> = Vec::new();
        for Entry { key, items, pair } in entries {
            let expression = &group.pairs[pair].1;
            let value = if of_tuples {
                let (context, inside) = open_group(items, frame, &mut opened);
                self.eval(expression, context.as_ref(), &inside)?
            } else {
                self.eval(expression, items.as_ref(), frame)?
            };
            if let Some(value) = value {
                result.insert(key, value);
            }
        }
        Ok(Value::from(result))
    }

    /// The simple case: one item and names that are known beforehand.
    fn object(&self, group: &'a Group, input: Option<&Value>, frame: &Rc<Frame>) -> Result<Value, Fault> {
        let mut fields = Vec::with_capacity(group.pairs.len());
        for (name, value) in &group.pairs {
            let Kind::Literal(Value::String(name)) = &name.kind else { continue };
            if let Some(value) = self.eval(value, input, frame)? {
                fields.push((Arc::clone(name), value));
            }
        }
        Ok(Value::from(Object::from_distinct(fields)))
    }

    /// Evaluates every key for one item.
    fn gather(
        &self,
        group: &'a Group,
        item: Option<&Value>,
        of_tuples: bool,
        frame: &Rc<Frame>,
        entries: &mut Vec<Entry>,
        positions: &mut HashMap<Arc<str>, usize>,
    ) -> Result<(), Fault> {
        let opened = if of_tuples { item.map(|tuple| tuple::open(tuple, frame)) } else { None };
        let (context, frame) = match &opened {
            Some((context, inside)) => (context.as_ref(), inside),
            None => (item, frame),
        };
        for (pair, (name, _)) in group.pairs.iter().enumerate() {
            let key = match self.eval(name, context, frame)? {
                None => continue,
                Some(Value::String(key)) => key,
                Some(other) => {
                    let message = format!("Key in object structure must evaluate to a string; got: {other}");
                    return Err(at(fault("T1003", message), name.span));
                }
            };
            let Some(known) = find(entries, positions, &key) else {
                if entries.len() >= SCANNED {
                    if positions.is_empty() {
                        let keys = entries.iter().enumerate();
                        positions.extend(keys.map(|(at, entry)| (Arc::clone(&entry.key), at)));
                    }
                    positions.insert(Arc::clone(&key), entries.len());
                }
                entries.push(Entry { key, items: item.cloned(), pair });
                continue;
            };
            let entry = &mut entries[known];
            if entry.pair != pair {
                let message =
                    format!("Multiple key definitions evaluate to same key: {}", Value::String(key));
                return Err(at(fault("D1009", message), group.span));
            }
            entry.items = match (entry.items.take(), item) {
                (Some(items), Some(item)) => Some(joined(items, item.clone())),
                (items, item) => items.or_else(|| item.cloned()),
            };
        }
        Ok(())
    }
}

fn find(entries: &[Entry], positions: &HashMap<Arc<str>, usize>, key: &str) -> Option<usize> {
    if positions.is_empty() {
        return entries.iter().position(|entry| *entry.key == *key);
    }
    positions.get(key).copied()
}

/// The context and frame for the value of a group of tuples. As in the reference, a lone tuple that an earlier
/// group has opened has lost its item.
fn open_group(
    items: Option<Value>,
    frame: &Rc<Frame>,
    opened: &mut Vec<Arc<Object>>,
) -> (Option<Value>, Rc<Frame>) {
    match items {
        Some(Value::Array(tuples)) => tuple::open(&tuple::merged(&tuples), frame),
        Some(lone) => {
            let (context, inside) = tuple::open(&lone, frame);
            let Value::Object(tuple) = lone else { return (context, inside) };
            if opened.iter().any(|known| Arc::ptr_eq(known, &tuple)) {
                return (None, inside);
            }
            opened.push(tuple);
            (context, inside)
        }
        None => (None, Rc::clone(frame)),
    }
}

/// Both as one array; arrays are joined, single values appended.
pub(crate) fn joined(left: Value, right: Value) -> Value {
    let mut items = match left {
        Value::Array(items) => items.flagged(Flags::default()),
        single => Array::from(vec![single]),
    };
    match right {
        Value::Array(more) if items.is_empty() => items = more.flagged(Flags::default()),
        Value::Array(more) => items.extend(&more),
        single => items.push(single),
    }
    Value::Array(items)
}
