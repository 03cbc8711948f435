//! `$formatNumber`: numbers by picture, as XPath's `format-number` defines it.
//! Separate because pictures are read, judged and applied by a specification of their own.

mod picture;

use super::Arguments;
use super::number::round_to;
use crate::error::Fault;
use crate::evaluate::{Evaluator, Outcome};
use crate::value::{Value, shortest};
use picture::{SubPicture, Symbols, find};

pub(super) fn format_number(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(number) = arguments.number(0)? else { return Ok(None) };
    let picture = arguments.required(1, arguments.text(1)?)?;
    let mut symbols = Symbols::default();
    if let Some(options) = arguments.get(2).and_then(Value::as_object) {
        for (name, value) in options.iter() {
            let text = arguments.required(2, value.as_str())?;
            symbols.set(name, text);
        }
    }
    let text = format(number, &picture.chars().collect::<Vec<_>>(), &symbols)?;
    Ok(Some(Value::from(text)))
}

fn format(number: f64, picture: &[char], symbols: &Symbols) -> Result<String, Fault> {
    let mut pictures = SubPicture::parse(picture, symbols)?.into_iter();
    let (Some(positive), negative) = (pictures.next(), pictures.next()) else { return Ok(String::new()) };
    let negative = negative.unwrap_or_else(|| SubPicture {
        prefix: [&symbols.minus_sign[..], &positive.prefix].concat(),
        ..positive.clone()
    });
    let picture = if number >= 0.0 { positive } else { negative };
    let scaled = if find(&picture.source, &symbols.percent, 0).is_some() {
        number * 100.0
    } else if find(&picture.source, &symbols.per_mille, 0).is_some() {
        number * 1000.0
    } else {
        number
    };
    let (mantissa, exponent) = picture.scientific(scaled);
    let rounded = round_to(mantissa, to_double(picture.fraction.most));
    let mut text = symbols.digits(rounded, picture.fraction.most);
    match find(&text, &['.'], 0) {
        Some(point) => drop(text.splice(point..=point, symbols.decimal_separator.iter().copied())),
        None => text.extend(&symbols.decimal_separator),
    }
    strip(&mut text, symbols.zero);
    picture.pad(&mut text, symbols);
    picture.group(&mut text, symbols);
    let point = symbols.point(&text);
    let has_point = find(&picture.source, &symbols.decimal_separator, 0).is_some();
    if !has_point || point + 1 == text.len() {
        text.pop();
    }
    if let Some(exponent) = exponent {
        let digits = symbols.digits(exponent, 0);
        text.extend(&symbols.exponent_separator);
        if exponent < 0.0 {
            text.extend(&symbols.minus_sign);
        }
        text.extend(std::iter::repeat_n(
            symbols.zero,
            picture.exponent.unwrap_or(0).saturating_sub(digits.len()),
        ));
        text.extend(digits);
    }
    Ok(picture.prefix.iter().chain(&text).chain(&picture.suffix).collect())
}

/// Removes zeros from both ends.
fn strip(text: &mut Vec<char>, zero: char) {
    let leading = text.iter().take_while(|digit| **digit == zero).count();
    text.drain(..leading);
    while text.last() == Some(&zero) {
        text.pop();
    }
}

impl Symbols {
    /// Digits of the chosen script, with a point when there is a fraction.
    fn digits(&self, number: f64, fraction: usize) -> Vec<char> {
        let magnitude = number.abs();
        let text = if magnitude < 1e21 { format!("{magnitude:.fraction$}") } else { shortest(magnitude) };
        let digit = |digit: char| match digit.to_digit(10) {
            Some(value) => char::from_u32(u32::from(self.zero) + value).unwrap_or(digit),
            None => digit,
        };
        text.chars().map(digit).collect()
    }

    /// Where the decimal separator stands.
    fn point(&self, text: &[char]) -> usize {
        find(text, &self.decimal_separator, 0).unwrap_or(text.len())
    }
}

impl SubPicture {
    /// The mantissa and, when the picture has one, the exponent.
    fn scientific(&self, number: f64) -> (f64, Option<f64>) {
        if self.exponent.is_none_or(|digits| digits == 0) {
            return (number, None);
        }
        let most = 10_f64.powf(to_double(self.scaling));
        let least = 10_f64.powf(to_double(self.scaling) - 1.0);
        let (mut mantissa, mut exponent) = (number, 0.0);
        if number != 0.0 && number.is_finite() {
            while mantissa.abs() < least {
                mantissa *= 10.0;
                exponent -= 1.0;
            }
            while mantissa.abs() > most {
                mantissa /= 10.0;
                exponent += 1.0;
            }
        }
        (mantissa, Some(exponent))
    }

    /// Adds the zeros that the picture demands.
    fn pad(&self, text: &mut Vec<char>, symbols: &Symbols) {
        let point = symbols.point(text);
        let fraction = text.len().saturating_sub(point + 1);
        let left = self.integer_least.saturating_sub(point);
        let right = self.fraction.least.saturating_sub(fraction);
        text.splice(0..0, std::iter::repeat_n(symbols.zero, left));
        text.extend(std::iter::repeat_n(symbols.zero, right));
    }

    /// Inserts the grouping separators.
    fn group(&self, text: &mut Vec<char>, symbols: &Symbols) {
        let separator = &symbols.grouping_separator;
        let mut point = symbols.point(text);
        if let Some(every) = self.regular_grouping {
            for group in 1..=point.saturating_sub(1) / every {
                insert(text, point - group * every, separator);
            }
        } else {
            for position in &self.integer_groups {
                let at = if *position <= point {
                    point - position
                } else {
                    // A negative index counts from the end, as in the reference.
                    text.len().saturating_sub(position - point)
                };
                insert(text, at, separator);
                point += 1;
            }
        }
        let point = symbols.point(text);
        for position in &self.fraction.groups {
            insert(text, (position + point + 1).min(text.len()), separator);
        }
    }
}

fn insert(text: &mut Vec<char>, at: usize, separator: &[char]) {
    text.splice(at..at, separator.iter().copied());
}

#[expect(clippy::cast_precision_loss, reason = "lengths of pictures are far below 2^53")]
fn to_double(length: usize) -> f64 {
    length as f64
}
