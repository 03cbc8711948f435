//! The functions that Step Functions adds to the language.
//! Separate because the language's reference implementation knows nothing of them.

use std::fmt::Write;

use digest::Digest;

use super::Arguments;
use crate::error::fault;
use crate::evaluate::{Evaluator, Outcome, mix};
use crate::value::{Array, Value};

/// `$random()` goes on from the seed of the evaluation, `$random(seed)` depends on its argument only.
pub(super) fn random(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let bits = match arguments.number(0)? {
        Some(seed) => mix(seed.to_bits().wrapping_add(0x9e37_79b9_7f4a_7c15)),
        None => evaluator.random_bits(),
    };
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    let fraction = (bits >> 11) as f64 / (1_u64 << 53) as f64;
    Ok(Some(Value::from(fraction)))
}

/// A random UUID (version 4).
#[expect(clippy::unnecessary_wraps, reason = "builtin functions have one shape")]
pub(super) fn uuid(evaluator: &Evaluator<'_>, _: &mut Arguments) -> Outcome {
    let high = evaluator.random_bits() & !0xf000 | 0x4000;
    let low = evaluator.random_bits() & !(0b11 << 62) | 0b10 << 62;
    let uuid = format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff,
    );
    Ok(Some(Value::from(uuid)))
}

/// The value that JSON text stands for.
pub(super) fn parse(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    match serde_json::from_str(&text) {
        Ok(value) => Ok(Some(value)),
        Err(error) => Err(fault("D3137", format!("$parse() was given text that is not JSON: {error}"))),
    }
}

/// The hexadecimal digest of a string.
pub(super) fn hash(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    let algorithm = arguments.required(1, arguments.text(1)?)?;
    let hash = match &*algorithm {
        "MD5" => hexadecimal::<md5::Md5>(&text),
        "SHA-1" => hexadecimal::<sha1::Sha1>(&text),
        "SHA-256" => hexadecimal::<sha2::Sha256>(&text),
        "SHA-384" => hexadecimal::<sha2::Sha384>(&text),
        "SHA-512" => hexadecimal::<sha2::Sha512>(&text),
        other => {
            let message = format!(
                "$hash() was given the algorithm `{other}`, expected MD5, SHA-1, SHA-256, SHA-384 or SHA-512"
            );
            return Err(fault("D3137", message));
        }
    };
    Ok(Some(Value::from(hash)))
}

fn hexadecimal<D: Digest>(text: &str) -> String {
    let mut digits = String::new();
    for byte in D::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// The numbers from the first to the last, both included, a step apart.
pub(super) fn range(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let (Some(first), Some(last), Some(step)) =
        (arguments.number(0)?, arguments.number(1)?, arguments.number(2)?)
    else {
        return Ok(None);
    };
    let count = ((last - first) / step).floor() + 1.0;
    if step == 0.0 || count.is_nan() {
        return Err(fault("D3137", "$range() was given a step of 0, expected another number"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates; the limit is checked next"
    )]
    let count = count.max(0.0) as usize;
    evaluator.check_sequence(count)?;
    #[expect(clippy::cast_precision_loss, reason = "arrays are far shorter than 2^53")]
    let values = (0..count).map(|at| Value::from(first + step * at as f64));
    Ok(Some(Value::Array(Array::sequence(values.collect()))))
}

/// The array cut into arrays of at most so many elements.
pub(super) fn partition(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    let size = arguments.required(1, arguments.number(1)?)?;
    if !(size >= 1.0 && size.is_finite()) {
        let message =
            format!("$partition() was given the size {}, expected a positive integer", Value::from(size));
        return Err(fault("D3137", message));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive; saturates")]
    let size = size as usize;
    Ok(Some(items.chunks(size).map(|chunk| Value::from(chunk.to_vec())).collect()))
}
