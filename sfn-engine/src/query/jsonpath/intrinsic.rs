//! Computing Intrinsic Functions.
//! Separate from their grammar because here they have a scope: data, time and chance.

mod array;
mod text;

use std::fmt::Write;

use sfn_asl::Value;
use sfn_asl::intrinsic::{Argument, Call, Function, Text};

use super::walk::{Found, Miss};
use super::{QueryFault, Scope, find};

/// Computes a call of a definition. The service names the whole call when a call inside it fails.
pub(super) fn evaluate(call: &Call, scope: &Scope) -> Result<Value, QueryFault> {
    compute(call, scope).map_err(|failure| {
        QueryFault::runtime(format!("The function '{}' had the following error: {failure}", call.source()))
    })
}

/// What the service says went wrong.
type Computed<T> = Result<T, String>;

fn compute(call: &Call, scope: &Scope) -> Computed<Value> {
    let invalid = || format!("Invalid arguments in {}", call.function.name());
    if call.function == Function::Format {
        return format(call, scope);
    }
    let arguments =
        call.arguments.iter().map(|argument| value(&argument.value, scope)).collect::<Computed<Vec<_>>>()?;
    match (call.function, &arguments[..]) {
        (Function::Array, items) => Some(items.iter().cloned().collect()),
        (Function::ArrayPartition, [Value::Array(items), size]) => array::partition(items, size),
        (Function::ArrayContains, [Value::Array(items), wanted]) => {
            Some(array::contains(items, wanted).into())
        }
        (Function::ArrayRange, [first, last, step]) => array::range(first, last, step),
        (Function::ArrayGetItem, [Value::Array(items), index]) => array::get_item(items, index),
        (Function::ArrayLength, [Value::Array(items)]) => i64::try_from(items.len()).ok().map(Value::from),
        (Function::ArrayUnique, [Value::Array(items)]) => Some(array::unique(items)),
        (Function::Base64Encode, [Value::String(plain)]) => text::base64_encode(plain),
        (Function::Base64Decode, [Value::String(encoded)]) => text::base64_decode(encoded),
        (Function::Hash, [data, Value::String(algorithm)]) => text::hash(data, algorithm),
        (Function::JsonMerge, [Value::Object(_), Value::Object(_), Value::Bool(true)]) => None,
        (Function::JsonMerge, [Value::Object(first), Value::Object(second), _]) => {
            let fields = first.iter().chain(second.iter());
            Some(fields.map(|(name, value)| (std::sync::Arc::clone(name), value.clone())).collect())
        }
        (Function::StringToJson, [Value::String(json)]) => text::parse(json),
        (Function::JsonToString, [value]) => Some(value.to_string().into()),
        (Function::MathRandom, [first, end]) => random(first, end, scope.random()),
        (Function::MathRandom, [first, end, seed]) => {
            truncated(seed).and_then(|seed| random(first, end, scramble(seed.cast_unsigned())))
        }
        (Function::MathAdd, [first, second]) => add(first, second),
        (Function::StringSplit, [Value::String(text), Value::String(splitters)]) => {
            Some(text::split(text, splitters))
        }
        (Function::Uuid, []) => Some(uuid(scope).into()),
        _ => None,
    }
    .ok_or_else(invalid)
}

fn value(argument: &Argument, scope: &Scope) -> Computed<Value> {
    match argument {
        Argument::Literal(value) => Ok(value.clone()),
        Argument::Text(text) => Ok(Value::String(std::sync::Arc::clone(&text.value))),
        Argument::Call(call) => compute(call, scope),
        Argument::Path(path) => match find(path, scope) {
            Ok(Found::Value(value)) => Ok(value),
            Ok(Found::OutOfRange) | Err(Miss::Absent(_)) => Err(format!(
                "The JsonPath argument for the field '{}' could not be found in the input '{}'",
                path.source(),
                scope.root(),
            )),
            Err(Miss::Invalid(message)) => Err(message),
        },
    }
}

/// `States.Format`: gaps are `{}`; in a literal template `\{` and `\}` are braces.
fn format(call: &Call, scope: &Scope) -> Computed<Value> {
    let mut arguments = call.arguments.iter().map(|argument| &argument.value);
    let invalid = || "Invalid arguments in States.Format".to_owned();
    let template = match arguments.next() {
        Some(Argument::Text(Text { raw, .. })) => std::sync::Arc::clone(raw),
        Some(argument) => match value(argument, scope)? {
            Value::String(template) => template,
            _ => return Err(invalid()),
        },
        None => return Err(invalid()),
    };
    let mut text = String::with_capacity(template.len());
    let mut rest = template.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => text.extend(rest.next()),
            '{' if rest.next() != Some('}') => return Err(unmatched('}', '{')),
            '}' => return Err(unmatched('{', '}')),
            '{' => {
                let argument = arguments.next().ok_or_else(mismatch)?;
                match value(argument, scope)? {
                    Value::String(part) => text.push_str(&part),
                    other => {
                        // Writing to a String cannot fail.
                        let _ = write!(text, "{other}");
                    }
                }
            }
            other => text.push(other),
        }
    }
    if arguments.next().is_some() {
        return Err(mismatch());
    }
    Ok(text.into())
}

fn unmatched(missing: char, brace: char) -> String {
    format!("Invalid template in States.Format: matching '{missing}' not found for '{brace}'.")
}

fn mismatch() -> String {
    "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.".to_owned()
}

/// A number as the service takes one where it wants a whole number: what is behind the point is cut off.
fn truncated(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| in_range(number.as_f64().trunc())),
        _ => None,
    }
}

/// A number as `States.MathAdd` takes it: rounded, halves up.
fn rounded(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| in_range((number.as_f64() + 0.5).floor())),
        _ => None,
    }
}

fn in_range(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    (number.abs() <= 9e15).then_some(number as i64)
}

/// The sum of two whole numbers, of which each and the sum fit in 32 bits.
fn add(first: &Value, second: &Value) -> Option<Value> {
    let first = i32::try_from(rounded(first)?).ok()?;
    let second = i32::try_from(rounded(second)?).ok()?;
    first.checked_add(second).map(|sum| Value::from(i64::from(sum)))
}

/// A whole number from `first` up to but not including `end`.
fn random(first: &Value, end: &Value, chance: u64) -> Option<Value> {
    let (first, end) = (truncated(first)?, truncated(end)?);
    let size = u64::try_from(end.checked_sub(first)?).ok().filter(|size| *size > 0)?;
    let drawn = (u128::from(chance) * u128::from(size)) >> 64;
    i64::try_from(drawn).ok()?.checked_add(first).map(Value::from)
}

/// The chance that a seed stands for.
fn scramble(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A random identifier of version 4.
fn uuid(scope: &Scope) -> String {
    let bits = (u128::from(scope.random()) << 64) | u128::from(scope.random());
    let bits = bits & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{bits:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
