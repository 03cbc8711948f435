//! Functions that take functions: `$map`, `$filter`, `$single`, `$reduce`, `$each`, `$sift`.
//! Separate because each decides how many arguments its callback wants.

use std::sync::Arc;

use super::Arguments;
use crate::error::fault;
use crate::evaluate::{Evaluator, Outcome};
use crate::value::{Array, Object, Value};

/// Calls back with as many of value, position or name, and whole as the function takes.
fn call(
    evaluator: &Evaluator<'_>,
    function: &Value,
    arity: usize,
    value: &Value,
    place: impl FnOnce() -> Value,
    whole: impl FnOnce() -> Value,
) -> Outcome {
    let mut arguments = Vec::with_capacity(arity.clamp(1, 3));
    arguments.push(value.present().cloned());
    if arity >= 2 {
        arguments.push(Some(place()));
    }
    if arity >= 3 {
        arguments.push(Some(whole()));
    }
    evaluator.invoke(function, arguments)
}

fn position(at: usize) -> Value {
    Value::from(i64::try_from(at).unwrap_or(i64::MAX))
}

pub(super) fn map(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let function = arguments.required(1, arguments.function(1)?)?;
    let arity = evaluator.arity(function);
    let mut results = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let whole = || Value::Array(items.clone());
        results.extend(call(evaluator, function, arity, item, || position(at), whole)?);
    }
    Ok(Some(Value::Array(Array::sequence(results))))
}

pub(super) fn filter(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let function = arguments.required(1, arguments.function(1)?)?;
    let arity = evaluator.arity(function);
    let mut kept = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let whole = || Value::Array(items.clone());
        let keep = call(evaluator, function, arity, item, || position(at), whole)?;
        if evaluator.truthy(keep.as_ref())? {
            kept.push(item.clone());
        }
    }
    Ok(Some(Value::Array(Array::sequence(kept))))
}

pub(super) fn single(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let function = arguments.function(1)?;
    let arity = function.map_or(0, |function| evaluator.arity(function));
    let mut found = None;
    for (at, item) in items.iter().enumerate() {
        let matches = match function {
            None => true,
            Some(function) => {
                let whole = || Value::Array(items.clone());
                let result = call(evaluator, function, arity, item, || position(at), whole)?;
                evaluator.truthy(result.as_ref())?
            }
        };
        if matches && found.replace(item.clone()).is_some() {
            let message =
                "The $single() function expected exactly 1 matching result.  Instead it matched more.";
            return Err(fault("D3138", message));
        }
    }
    if found.is_none() {
        let message = "The $single() function expected exactly 1 matching result.  Instead it matched 0.";
        return Err(fault("D3139", message));
    }
    Ok(found)
}

pub(super) fn reduce(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let mut result = arguments.take(2);
    let function = arguments.required(1, arguments.function(1)?)?;
    let arity = evaluator.arity(function);
    if arity < 2 {
        let message = "The second argument of reduce function must be a function with at least two arguments";
        return Err(fault("D3050", message));
    }
    let mut rest = items.iter().enumerate();
    if result.is_none() {
        result = rest.next().and_then(|(_, first)| first.present().cloned());
    }
    for (at, item) in rest {
        let mut arguments = vec![result.take(), item.present().cloned()];
        if arity >= 3 {
            arguments.push(Some(position(at)));
        }
        if arity >= 4 {
            arguments.push(Some(Value::Array(items.clone())));
        }
        result = evaluator.invoke(function, arguments)?;
    }
    Ok(result)
}

pub(super) fn each(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let function = arguments.required(1, arguments.function(1)?)?;
    let arity = evaluator.arity(function);
    let mut results = Vec::new();
    for (name, value, whole) in fields(arguments) {
        let name = || Value::String(Arc::clone(name));
        results.extend(call(evaluator, function, arity, value, name, || whole.clone())?);
    }
    Ok(Some(Value::Array(Array::sequence(results))))
}

pub(super) fn sift(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let function = arguments.required(1, arguments.function(1)?)?;
    let arity = evaluator.arity(function);
    let mut kept = Object::default();
    for (name, value, whole) in fields(arguments) {
        let place = || Value::String(Arc::clone(name));
        let keep = call(evaluator, function, arity, value, place, || whole.clone())?;
        if evaluator.truthy(keep.as_ref())? {
            kept.insert(Arc::clone(name), value.clone());
        }
    }
    Ok((!kept.is_empty()).then(|| Value::from(kept)))
}

/// The fields of the first argument, each with the object it stands in.
fn fields(arguments: &Arguments) -> impl Iterator<Item = (&Arc<str>, &Value, &Value)> {
    let whole = arguments.get(0);
    let object = whole.and_then(Value::as_object);
    object.into_iter().flat_map(Object::iter).filter_map(move |(name, value)| Some((name, value, whole?)))
}
