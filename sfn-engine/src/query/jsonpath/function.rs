//! The functions a Path may call.
//! Separate from the walk because each only sees the value it is called on and its arguments.

use sfn_asl::Value;
use sfn_asl::path::{Function, FunctionArgument, Path, Segment, Selector};

use super::walk::{Found, Miss, Walk, find_within};

/// Calls a function on a value.
pub(super) fn call(
    function: Function,
    arguments: &[FunctionArgument],
    value: &Value,
    walk: &mut Walk<'_>,
) -> Result<Value, Miss> {
    if function == Function::Length
        && let Some(FunctionArgument::Path(path)) = arguments.first()
        && !path.ends_in_call()
    {
        let found = elements_of(&path.segments, path.is_definite(), walk.document, walk)?;
        return Ok(length(&found).or_else(|| length(value)).unwrap_or_default());
    }
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(match argument {
            FunctionArgument::Json(value) => value.clone(),
            FunctionArgument::Path(path) => argument_value(path, walk)?,
        });
    }
    apply(function, value, &values)
}

/// Calls a function on everything a deep scan finds.
pub(super) fn over_scan(function: Function, value: &Value, walk: &mut Walk<'_>) -> Result<Value, Miss> {
    if function == Function::Length {
        let found = elements_of(walk.segments, false, value, walk)?;
        return Ok(length(&found).unwrap_or_default());
    }
    let mut scan = Walk::new(walk.segments, walk.document, walk.rules, walk.steps);
    scan.step(0, value, true)?;
    let found: Value = scan.results.into_iter().map(Found::or_null).collect();
    apply(function, value, &[found])
}

fn argument_value(path: &Path, walk: &mut Walk<'_>) -> Result<Value, Miss> {
    find_within(path, walk.document, walk.document, walk.rules, walk.steps).map(Found::or_null)
}

/// What a Path finds with `[*]` behind it: the library counts that for `length($.a)`.
fn elements_of(
    segments: &[Segment],
    definite: bool,
    value: &Value,
    walk: &mut Walk<'_>,
) -> Result<Value, Miss> {
    let mut segments = segments.to_vec();
    segments.push(Segment { selector: Selector::Wildcard, span: 0..0 });
    let mut inner = Walk::new(&segments, walk.document, walk.rules, walk.steps);
    inner.step(0, value, true)?;
    let mut results = inner.results.into_iter().map(Found::or_null);
    Ok(if definite { results.next_back().unwrap_or_default() } else { results.collect() })
}

fn apply(function: Function, value: &Value, arguments: &[Value]) -> Result<Value, Miss> {
    Ok(match function {
        Function::Length => length(value).unwrap_or_default(),
        Function::Keys => match value.as_object() {
            Some(fields) => fields.keys().map(Value::from).collect(),
            None => Value::Null,
        },
        Function::Append => match value {
            Value::Array(items) => items.iter().chain(arguments).cloned().collect(),
            other => other.clone(),
        },
        Function::Concat => {
            let own = value
                .as_array()
                .unwrap_or_default()
                .iter()
                .filter_map(|item| Some(item.as_str()?.to_owned()));
            let given = arguments.iter().flat_map(flattened).filter(|item| !item.is_null()).map(text);
            Value::from(own.chain(given).collect::<String>())
        }
        Function::First => pick(value, 0)?,
        Function::Last => pick(value, -1)?,
        Function::Index => {
            let index = arguments.iter().flat_map(flattened).find_map(Value::as_f64);
            #[expect(clippy::cast_possible_truncation, reason = "as the library does")]
            let index = index.map(|index| index as i64);
            let index =
                index.ok_or_else(|| Miss::Invalid("Index 0 out of bounds for length 0".to_owned()))?;
            pick(value, index)?
        }
        Function::Sum | Function::Avg | Function::Min | Function::Max | Function::Stddev => {
            let own = value.as_array().unwrap_or_default().iter();
            let numbers: Vec<f64> =
                own.chain(arguments.iter().flat_map(flattened)).filter_map(Value::as_f64).collect();
            if numbers.is_empty() {
                return Err(Miss::Invalid(
                    "Aggregation function attempted to calculate value using empty array".to_owned(),
                ));
            }
            Value::from(aggregate(function, &numbers))
        }
    })
}

fn length(value: &Value) -> Option<Value> {
    let count = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => return None,
    };
    i64::try_from(count).ok().map(Value::from)
}

/// The elements of an argument that is an array, or the argument.
fn flattened(argument: &Value) -> &[Value] {
    match argument {
        Value::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn pick(value: &Value, index: i64) -> Result<Value, Miss> {
    let Some(items) = value.as_array() else {
        return Err(Miss::Invalid(
            "Aggregation function attempted to calculate value using empty array".to_owned(),
        ));
    };
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = if index < 0 { length + index } else { index };
    let found = usize::try_from(at).ok().and_then(|at| items.get(at));
    found.cloned().ok_or_else(|| {
        Miss::Invalid(if index < 0 {
            format!("Target index:{index} larger than object count:{length}")
        } else {
            format!("Index {index} out of bounds for length {length}")
        })
    })
}

fn aggregate(function: Function, numbers: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no array has 2^53 elements")]
    let count = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    match function {
        Function::Avg => sum / count,
        Function::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        Function::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Function::Stddev => {
            let squares: f64 = numbers.iter().map(|number| number * number).sum();
            (squares / count - sum * sum / count / count).sqrt()
        }
        _ => sum,
    }
}
