//! Truth, types, and the fields of objects.
//! Separate from arrays because these look at one value, whatever it is.

use std::collections::HashSet;
use std::sync::Arc;

use super::Arguments;
use super::string::json_number;
use crate::error::{Fault, fault};
use crate::evaluate::{self, Evaluator, Outcome, truthy};
use crate::value::{Array, Object, Value};

pub(super) fn boolean(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.get(0).map(truthy).transpose()?.map(Value::Bool))
}

pub(super) fn not(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.get(0).map(truthy).transpose()?.map(|flag| Value::Bool(!flag)))
}

#[expect(clippy::unnecessary_wraps, reason = "builtin functions have one shape")]
pub(super) fn exists(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(Some(Value::Bool(arguments.get(0).is_some())))
}

#[expect(clippy::unnecessary_wraps, reason = "builtin functions have one shape")]
pub(super) fn type_name(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.get(0).map(|value| {
        Value::from(match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(fields) if fields.function().is_some() => "function",
            Value::Object(_) => "object",
        })
    }))
}

#[expect(clippy::unnecessary_wraps, reason = "builtin functions have one shape")]
pub(super) fn keys(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    if let Some(value) = arguments.get(0) {
        gather_keys(value, &mut seen, &mut names);
    }
    Ok(Some(Value::Array(Array::sequence(names))))
}

fn gather_keys(value: &Value, seen: &mut HashSet<Arc<str>>, names: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather_keys(item, seen, names)),
        Value::Object(fields) => {
            for (name, _) in fields.iter() {
                if seen.insert(Arc::clone(name)) {
                    names.push(Value::String(Arc::clone(name)));
                }
            }
        }
        _ => {}
    }
}

pub(super) fn lookup(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(name) = arguments.text(1)? else { return Ok(None) };
    Ok(arguments.get(0).and_then(|value| evaluate::lookup(value, &name)))
}

#[expect(clippy::unnecessary_wraps, reason = "builtin functions have one shape")]
pub(super) fn spread(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(value) = arguments.get(0) else { return Ok(None) };
    let mut parts = Vec::new();
    match value {
        Value::Array(items) => {
            // Joining arrays gives an ordinary array, whose single element is not unwrapped.
            spread_into(items, &mut parts);
            Ok(Some(if parts.is_empty() { Value::Array(Array::sequence(parts)) } else { Value::from(parts) }))
        }
        Value::Object(fields) if fields.function().is_none() => {
            parts.extend(single_fields(fields));
            Ok(Some(Value::Array(Array::sequence(parts))))
        }
        other => Ok(Some(other.clone())),
    }
}

fn spread_into(items: &Array, parts: &mut Vec<Value>) {
    for item in items {
        match item {
            Value::Array(items) => spread_into(items, parts),
            Value::Object(fields) if fields.function().is_none() => parts.extend(single_fields(fields)),
            other => parts.push(other.clone()),
        }
    }
}

fn single_fields(fields: &Object) -> impl Iterator<Item = Value> {
    fields.iter().map(|(name, value)| Value::from_iter([(Arc::clone(name), value.clone())]))
}

pub(super) fn merge(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let mut merged = Object::default();
    for item in &items {
        if let Value::Object(fields) = item {
            merged.extend(fields.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
        }
    }
    Ok(Some(Value::from(merged)))
}

pub(super) fn clone(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    arguments.get(0).map(clone_of).transpose()
}

/// What reading the value's JSON text back gives: numbers lose what `$string` does not write, functions become "".
pub(crate) fn clone_of(value: &Value) -> Result<Value, Fault> {
    Ok(match value {
        Value::Number(number) => Value::from(json_number(number.as_f64())?),
        Value::Array(items) => {
            let copy: Result<Array, Fault> = items.iter().map(clone_of).collect();
            Value::Array(copy?)
        }
        Value::Object(fields) if fields.function().is_some() => Value::from(""),
        Value::Object(fields) if fields.is_undefined() => Value::Null,
        Value::Object(fields) => {
            let copy: Result<Object, Fault> =
                fields.iter().map(|(name, value)| Ok((Arc::clone(name), clone_of(value)?))).collect();
            Value::from(copy?)
        }
        other => other.clone(),
    })
}

pub(super) fn error(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Err(fault("D3137", message(arguments, 0, "$error() function evaluated")?))
}

pub(super) fn assert(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    if arguments.get(0).map(truthy).transpose()?.unwrap_or(false) {
        return Ok(None);
    }
    Err(fault("D3141", message(arguments, 1, "$assert() statement failed")?))
}

fn message(arguments: &Arguments, at: usize, otherwise: &str) -> Result<String, Fault> {
    let message = arguments.text(at)?.filter(|message| !message.is_empty());
    Ok(message.map_or_else(|| otherwise.to_owned(), |message| message.as_ref().to_owned()))
}
