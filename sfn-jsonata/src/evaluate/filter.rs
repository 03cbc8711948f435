//! Filters in brackets: positions and conditions.
//! Separate because a number, a list of numbers and anything else each mean something different.

use std::rc::Rc;

use super::frame::Frame;
use super::operator::numeric;
use super::{Evaluator, tuple};
use crate::error::Fault;
use crate::syntax::ast::{Kind, Node};
use crate::value::{Array, Flags, Object, Value};

impl<'a> Evaluator<'a> {
    pub(super) fn filter(
        &self,
        predicate: &'a Node,
        input: Option<Value>,
        frame: &Rc<Frame>,
    ) -> Result<Array, Fault> {
        let items = match input {
            Some(Value::Array(items)) => items,
            Some(single) => Array::sequence(vec![single]),
            // Undefined is filtered as a sequence of one that it is an element of.
            None if is_position(predicate) => return Ok(Array::sequence(Vec::new())),
            None => {
                self.made_undefined.set(true);
                Array::sequence(vec![Value::from(Object::for_undefined())])
            }
        };
        let of_tuples = items.flags().has(Flags::TUPLES);
        let flags = if of_tuples { Flags::SEQUENCE | Flags::TUPLES } else { Flags::SEQUENCE };
        if let (true, Kind::Literal(position)) = (is_position(predicate), &predicate.kind) {
            let item = position.as_f64().and_then(|position| items.get(resolve(position, items.len())?));
            return Ok(match item {
                Some(Value::Array(inner)) => inner.clone(),
                Some(item) => Array::from(vec![item.clone()]).flagged(flags),
                None => Array::default().flagged(flags),
            });
        }
        let mut kept = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let result = if of_tuples {
                let (context, inside) = tuple::open(item, frame);
                self.eval(predicate, context.as_ref(), &inside)?
            } else {
                self.eval(predicate, item.present(), frame)?
            };
            for _ in 0..self.times_kept(result.as_ref(), at, items.len())? {
                kept.push(item.clone());
            }
        }
        Ok(Array::from(kept).flagged(flags))
    }

    /// How often an item is kept: once per position that names it, or once when the condition holds.
    fn times_kept(&self, result: Option<&Value>, at: usize, length: usize) -> Result<usize, Fault> {
        let names_it = |position: f64| resolve(position, length) == Some(at);
        match result {
            Some(Value::Number(_)) => {
                if let Some(position) = numeric(result)? {
                    return Ok(usize::from(names_it(position)));
                }
            }
            Some(Value::Array(items)) => {
                let mut times = 0;
                let mut all_numbers = true;
                for item in items {
                    match numeric(Some(item))? {
                        Some(position) => times += usize::from(names_it(position)),
                        None => all_numbers = false,
                    }
                }
                if all_numbers {
                    return Ok(times);
                }
            }
            _ => {}
        }
        Ok(usize::from(self.truthy(result)?))
    }
}

/// Whether the filter is a number as written.
fn is_position(predicate: &Node) -> bool {
    matches!(predicate.kind, Kind::Literal(Value::Number(_)))
}

/// The index that a position means; negative positions count from the end.
fn resolve(position: f64, length: usize) -> Option<usize> {
    let floor = position.floor();
    #[expect(clippy::cast_precision_loss, reason = "arrays are far shorter than 2^53")]
    let index = if floor < 0.0 { floor + length as f64 } else { floor };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
    let index = (0.0..9e15).contains(&index).then_some(index as usize)?;
    (index < length).then_some(index)
}
