//! Strings: casting, cutting, padding, joining.
//! Separate from regular expressions because nothing here matches patterns.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use super::Arguments;
use crate::error::{Fault, fault};
use crate::evaluate::{Evaluator, Outcome, truthy};
use crate::value::{Flags, Layout, Number, Value, decimal_half_up, shortest, write_json};

/// Numbers are written with this many significant digits, which hides what binary fractions cannot hold.
const DIGITS: usize = 15;

pub(super) fn string(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let indented = arguments.get(1).map(truthy).transpose()?.unwrap_or(false);
    let layout = if indented { Layout::Indented } else { Layout::Compact };
    match arguments.get(0) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(Value::String(Arc::clone(text)))),
        Some(value) => Ok(Some(Value::from(write(value, layout)?))),
    }
}

/// A value as the `&` operator and `$string` write it.
pub(crate) fn text_of(value: &Value) -> Result<Cow<'_, str>, Fault> {
    match value {
        Value::String(text) => Ok(Cow::Borrowed(text)),
        other => write(other, Layout::Compact).map(Cow::Owned),
    }
}

fn write(value: &Value, layout: Layout) -> Result<String, Fault> {
    let value = match value {
        Value::Object(fields) if fields.function().is_some() => return Ok(String::new()),
        Value::Number(number) if !number.as_f64().is_finite() => {
            return Err(fault("D3001", "Attempting to invoke string function on Infinity or NaN"));
        }
        Value::Array(items) if items.flags().has(Flags::OUTER_WRAPPER) => items.first().unwrap_or(value),
        value => value,
    };
    let refused = Cell::new(None);
    let mut text = String::new();
    let written =
        write_json(&mut text, value, layout, &|out: &mut dyn fmt::Write, number: Number| match json_number(
            number.as_f64(),
        ) {
            Ok(number) if number.is_nan() => out.write_str("null"),
            Ok(number) => out.write_str(&shortest(number)),
            Err(fault) => {
                refused.set(Some(fault));
                Err(fmt::Error)
            }
        });
    match (written, refused.into_inner()) {
        (Err(fmt::Error), Some(fault)) => Err(fault),
        _ => Ok(text),
    }
}

/// A number as JSON text carries it.
pub(super) fn json_number(number: f64) -> Result<f64, Fault> {
    if number.is_infinite() {
        return Err(fault("D1001", "Number out of range: null"));
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return Ok(number);
    }
    // The largest doubles round up to infinity, which JSON text has no word for but `null`.
    Ok(Some(decimal_half_up(number, DIGITS)).filter(|rounded| rounded.is_finite()).unwrap_or(f64::NAN))
}

pub(super) fn length(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.text(0)?.map(|text| Value::from(count(text.chars().count()))))
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

pub(super) fn substring(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    #[expect(clippy::cast_precision_loss, reason = "strings are far shorter than 2^53")]
    let total = text.chars().count() as f64;
    let mut start = arguments.number(1)?.unwrap_or(f64::NAN);
    if total + start < 0.0 {
        start = 0.0;
    }
    let end = match arguments.number(2)? {
        Some(length) if length <= 0.0 => return Ok(Some(Value::from(""))),
        Some(length) if start >= 0.0 => start + length,
        Some(length) => total + start + length,
        None => total,
    };
    let start = slice_index(start, total);
    let end = slice_index(end, total);
    Ok(Some(Value::from(text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>())))
}

/// An index as JavaScript's `slice` takes it: truncated, negative ones counted from the end.
fn slice_index(index: f64, total: f64) -> usize {
    let index = if index.is_nan() { 0.0 } else { index.trunc() };
    let index = if index < 0.0 { (total + index).max(0.0) } else { index.min(total) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a length")]
    let index = index as usize;
    index
}

pub(super) fn substring_before(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    around(arguments, |text, at, _| &text[..at])
}

pub(super) fn substring_after(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    around(arguments, |text, at, length| &text[at + length..])
}

fn around(arguments: &Arguments, cut: impl Fn(&str, usize, usize) -> &str) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    let Some(mark) = arguments.text(1)? else { return Ok(Some(Value::String(text))) };
    Ok(Some(match text.find(&*mark) {
        Some(at) => Value::from(cut(&text, at, mark.len())),
        None => Value::String(text),
    }))
}

pub(super) fn lowercase(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.text(0)?.map(|text| Value::from(text.to_lowercase())))
}

pub(super) fn uppercase(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.text(0)?.map(|text| Value::from(text.to_uppercase())))
}

pub(super) fn trim(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.text(0)?.map(|text| {
        let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
        Value::from(words.collect::<Vec<_>>().join(" "))
    }))
}

pub(super) fn pad(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    let width = arguments.number(1)?.unwrap_or(0.0);
    let filler = arguments.text(2)?.filter(|filler| !filler.is_empty()).unwrap_or_else(|| " ".into());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates; the limit is checked next"
    )]
    let target = width.abs() as usize;
    let missing = target.saturating_sub(text.chars().count());
    evaluator.check_string(missing.saturating_mul(filler.chars().map(char::len_utf8).max().unwrap_or(1)))?;
    let padding: String = filler.chars().cycle().take(missing).collect();
    Ok(Some(Value::from(if width > 0.0 { [&*text, &padding].concat() } else { [&*padding, &text].concat() })))
}

pub(super) fn join(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let separator = arguments.text(1)?.unwrap_or_default();
    let parts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    let parts = arguments.required(0, parts)?;
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    evaluator.check_string(length.saturating_add(separator.len().saturating_mul(parts.len())))?;
    Ok(Some(Value::from(parts.join(&separator))))
}
