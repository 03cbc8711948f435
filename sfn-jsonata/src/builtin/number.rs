//! Numbers: casting, rounding, powers, other bases, and sums over arrays.
//! Separate because rounding and casting follow JavaScript to the last digit.

use super::Arguments;
use crate::error::{Fault, fault};
use crate::evaluate::{Evaluator, Outcome};
use crate::value::{Array, Value, shortest};

pub(super) fn number(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let value = match arguments.get(0) {
        None => return Ok(None),
        Some(Value::Number(number)) => Some(number.as_f64()),
        Some(Value::Bool(flag)) => Some(f64::from(u8::from(*flag))),
        Some(Value::String(text)) => parse_number(text),
        Some(_) => None,
    };
    if let Some(number) = value {
        return Ok(Some(Value::from(number)));
    }
    let given = arguments.get(0).map_or_else(String::new, Value::to_string);
    Err(fault("D3030", format!("Unable to cast value to a number: {given}")))
}

/// A decimal as JSON writes it (leading zeros allowed), or an integer with the prefix `0x`, `0o` or `0b`.
fn parse_number(text: &str) -> Option<f64> {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        let Some(start) = text.get(..2).filter(|start| start.eq_ignore_ascii_case(prefix)) else { continue };
        let digits = &text[start.len()..];
        let valid = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        let value =
            |sum: f64, digit: char| sum * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0));
        return valid.then(|| digits.chars().fold(0.0, value));
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !digits(integer) || !digits(fraction) || !digits(exponent) {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn on_number(arguments: &Arguments, apply: impl Fn(f64) -> f64) -> Outcome {
    Ok(arguments.number(0)?.map(|number| Value::from(apply(number))))
}

pub(super) fn floor(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_number(arguments, f64::floor)
}

pub(super) fn ceil(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_number(arguments, f64::ceil)
}

pub(super) fn abs(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_number(arguments, f64::abs)
}

pub(super) fn round(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let precision = arguments.number(1)?.unwrap_or(0.0);
    on_number(arguments, |number| round_to(number, precision))
}

/// Rounds half to even, after shifting the decimal point in the written form of the number.
pub(super) fn round_to(number: f64, precision: f64) -> f64 {
    if precision == 0.0 || precision.is_nan() {
        return round_even(number);
    }
    shifted(round_even(shifted(number, precision)), -precision)
}

/// Multiplies by a power of ten without the error that multiplying would bring.
fn shifted(number: f64, places: f64) -> f64 {
    let written = shortest(number);
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let exponent = exponent.parse::<f64>().unwrap_or(0.0) + places;
    if exponent.fract() != 0.0 {
        return f64::NAN;
    }
    format!("{mantissa}e{exponent:.0}").parse().unwrap_or(f64::NAN)
}

fn round_even(number: f64) -> f64 {
    let rounded = number.round_ties_even();
    // Never negative zero.
    if rounded == 0.0 { 0.0 } else { rounded }
}

pub(super) fn sqrt(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    match arguments.number(0)? {
        Some(number) if number < 0.0 => {
            let message =
                format!("The sqrt function cannot be applied to a negative number: {}", shortest(number));
            Err(fault("D3060", message))
        }
        number => Ok(number.map(|number| Value::from(number.sqrt()))),
    }
}

pub(super) fn power(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(base) = arguments.number(0)? else { return Ok(None) };
    let exponent = arguments.number(1)?.unwrap_or(f64::NAN);
    // JavaScript, unlike IEEE 754, has no answer for 1 to the power of NaN or infinity.
    let result = if exponent.is_nan() || matches!(base.abs(), 1.0) && exponent.is_infinite() {
        f64::NAN
    } else {
        base.powf(exponent)
    };
    if result.is_finite() {
        return Ok(Some(Value::from(result)));
    }
    let (base, exponent) = (shortest(base), shortest(exponent));
    let message = format!(
        "The power function has resulted in a value that cannot be represented as a JSON number: base={base}, exponent={exponent}"
    );
    Err(fault("D3061", message))
}

/// Digits behind the point stop after this many; more say nothing about a double.
const MAX_FRACTION_DIGITS: usize = 1100;

pub(super) fn format_base(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(number) = arguments.number(0)? else { return Ok(None) };
    let number = round_even(number);
    let radix = round_even(arguments.number(1)?.unwrap_or(10.0));
    if !(2.0..=36.0).contains(&radix) {
        let message = format!(
            "The radix of the formatBase function must be between 2 and 36.  It was given {}",
            shortest(radix)
        );
        return Err(fault("D3100", message));
    }
    if matches!(radix, 10.0) || !number.is_finite() {
        return Ok(Some(Value::from(shortest(number))));
    }
    let mut digits = Vec::new();
    let mut rest = number.abs();
    while rest >= 1.0 && digits.len() < MAX_FRACTION_DIGITS {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a digit is below 36")]
        let digit = char::from_digit((rest % radix) as u32, 36).unwrap_or('0');
        digits.push(digit);
        rest = (rest / radix).floor();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if number < 0.0 {
        digits.push('-');
    }
    Ok(Some(Value::from(digits.into_iter().rev().collect::<String>())))
}

fn doubles(arguments: &Arguments) -> Result<Option<Vec<f64>>, Fault> {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let doubles = |items: &Array| items.iter().map(Value::as_f64).collect::<Option<Vec<_>>>();
    Ok(Some(arguments.required(0, doubles(&items))?))
}

pub(super) fn sum(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(doubles(arguments)?.map(|numbers| Value::from(numbers.iter().fold(0.0, |sum, number| sum + number))))
}

pub(super) fn max(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    extreme(arguments, f64::max)
}

pub(super) fn min(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    extreme(arguments, f64::min)
}

fn extreme(arguments: &Arguments, choose: impl Fn(f64, f64) -> f64) -> Outcome {
    Ok(doubles(arguments)?.and_then(|numbers| numbers.into_iter().reduce(choose)).map(Value::from))
}

pub(super) fn average(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(doubles(arguments)?.filter(|numbers| !numbers.is_empty()).map(|numbers| {
        #[expect(clippy::cast_precision_loss, reason = "arrays are far shorter than 2^53")]
        let count = numbers.len() as f64;
        Value::from(numbers.iter().fold(0.0, |sum, number| sum + number) / count)
    }))
}
