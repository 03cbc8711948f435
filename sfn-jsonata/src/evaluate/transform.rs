//! The transform operator `| pattern | update, delete |`: a changed copy of a document.
//! Separate because values are immutable and shared, so changes are gathered first and applied at the end.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::frame::Frame;
use super::{Evaluator, Outcome};
use crate::builtin::clone_of;
use crate::error::{Fault, at, fault};
use crate::syntax::Span;
use crate::syntax::ast::{Symbol, Transform, VariableName};
use crate::value::{Array, Extent, Object, Value};

/// What the matched objects of a document have become, by the address of the original.
///
/// The copy of the document is made such that no two objects in it share an address, and it outlives the edits.
#[derive(Default)]
struct Edits(HashMap<*const Object, Arc<Object>>);

impl<'a> Evaluator<'a> {
    #[inline(never)]
    pub(super) fn transform(
        &self,
        transform: &'a Transform,
        span: Span,
        document: Option<Value>,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let Some(document) = document else { return Ok(None) };
        self.spend(Extent::of(&document).weight / 4)?;
        let document = fresh(&self.cloned(document, span, frame)?);
        let matches = match self.eval(&transform.pattern, Some(&document), frame)? {
            None => return Ok(Some(document)),
            Some(Value::Array(items)) => items,
            Some(single) => Array::from(vec![single]),
        };
        let mut edits = Edits::default();
        for item in &matches {
            self.edit(transform, item, &mut edits, frame)?;
        }
        Ok(Some(edits.applied(&document, &mut Vec::new())))
    }

    fn edit(
        &self,
        transform: &'a Transform,
        item: &Value,
        edits: &mut Edits,
        frame: &Rc<Frame>,
    ) -> Result<(), Fault> {
        self.spend(1)?;
        let current = edits.applied(item, &mut Vec::new());
        let update = self.eval(&transform.update, Some(&current), frame)?;
        match update {
            None => {}
            Some(Value::Object(fields)) if fields.function().is_none() => {
                if let Value::Object(original) = item {
                    let object = edits.of(original);
                    object.extend(fields.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
                }
            }
            Some(other) => {
                let message = format!(
                    "The insert/update clause of the transform expression must evaluate to an object: {other}"
                );
                return Err(at(fault("T2011", message), transform.update.span));
            }
        }
        let Some(delete) = &transform.delete else { return Ok(()) };
        let current = edits.applied(item, &mut Vec::new());
        let Some(names) = self.eval(delete, Some(&current), frame)? else { return Ok(()) };
        let given = names.clone();
        let names = match names {
            Value::Array(names) => names,
            single => Array::from(vec![single]),
        };
        if !names.iter().all(|name| matches!(name, Value::String(_))) {
            let message = format!(
                "The delete clause of the transform expression must evaluate to a string or array of strings: {given}"
            );
            return Err(at(fault("T2012", message), delete.span));
        }
        if let Value::Object(original) = item {
            let object = edits.of(original);
            for name in names.iter().filter_map(Value::as_str) {
                object.remove(name);
            }
        }
        Ok(())
    }

    /// The copy that is changed, made by `$clone`, which a variable may hide.
    fn cloned(&self, document: Value, span: Span, frame: &Rc<Frame>) -> Result<Value, Fault> {
        let symbol = self.program.names.iter().position(|name| &**name == "clone");
        let symbol = symbol.and_then(|at| u32::try_from(at).ok()).map(Symbol);
        let hidden = match symbol.and_then(|symbol| self.bound(VariableName::Named(symbol), frame)) {
            None => self.bindings.get("clone").cloned().map(Some),
            bound => bound,
        };
        match hidden {
            None => clone_of(&document),
            Some(Some(function)) if function.function().is_some() => {
                Ok(self.invoke(&function, vec![Some(document)])?.unwrap_or(Value::Null))
            }
            Some(_) => {
                let message = "The transform expression clones the input object using the $clone() function.  This has been overridden in the current scope by a non-function.";
                Err(at(fault("T2013", message), span))
            }
        }
    }
}

impl Edits {
    /// The edited state of an object, to be changed.
    fn of(&mut self, original: &Arc<Object>) -> &mut Object {
        let state = self.0.entry(Arc::as_ptr(original)).or_insert_with(|| Arc::clone(original));
        Arc::make_mut(state)
    }

    /// A value with the edits of everything inside it; parts without edits stay shared.
    fn applied(&self, value: &Value, inside: &mut Vec<*const Object>) -> Value {
        match value {
            _ if self.0.is_empty() => value.clone(),
            Value::Array(items) => {
                let changed: Array = items.iter().map(|item| self.applied(item, inside)).collect();
                Value::Array(changed.flagged(items.flags()))
            }
            Value::Object(original) if original.function().is_none() => {
                let address = Arc::as_ptr(original);
                // An update may put an object into itself; the inner one stays as it was.
                if inside.contains(&address) {
                    return value.clone();
                }
                inside.push(address);
                let state = self.0.get(&address).unwrap_or(original);
                let mut changed = self.0.contains_key(&address);
                let mut fields = Object::with_capacity(state.len());
                for (name, value) in state.iter() {
                    let applied = self.applied(value, inside);
                    changed |= !is_shared(value, &applied);
                    fields.insert(Arc::clone(name), applied);
                }
                inside.pop();
                if changed { Value::from(fields) } else { value.clone() }
            }
            other => other.clone(),
        }
    }
}

/// Whether both are the very same value; scalars always are, for nothing edits them.
fn is_shared(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => left.same(right) || left.is_empty(),
        (Value::Object(left), Value::Object(right)) => Arc::ptr_eq(left, right),
        _ => true,
    }
}

/// A copy in which no object is shared.
fn fresh(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let copy: Array = items.iter().map(fresh).collect();
            Value::Array(copy.flagged(items.flags()))
        }
        Value::Object(fields) if fields.function().is_none() => Value::from(
            fields.iter().map(|(name, value)| (Arc::clone(name), fresh(value))).collect::<Object>(),
        ),
        other => other.clone(),
    }
}
