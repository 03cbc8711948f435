//! `$formatInteger` and `$parseInteger`: integers as digits, letters, Roman numerals or words.
//! Separate because date and time pictures are made of the same integer pictures.

pub(super) mod words;

use super::Arguments;
use crate::error::{Fault, fault};
use crate::evaluate::{Evaluator, Outcome};
use crate::value::{Value, shortest};

/// How an integer is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IntegerPicture {
    pub(super) style: Style,
    pub(super) case: Case,
    pub(super) ordinal: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Style {
    Decimal(Decimal),
    /// `a` is 1, `z` is 26, `aa` is 27.
    Letters,
    Roman,
    Words,
    /// A numbering that is not supported, with its picture.
    Sequence(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decimal {
    /// The digit zero of the script that is used.
    zero: u32,
    pub(super) mandatory: usize,
    pub(super) optional: usize,
    pub(super) grouping: Grouping,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Grouping {
    /// The same separator every so many digits.
    Regular(usize, char),
    /// Separators at positions counted from the right, rightmost first.
    At(Vec<(usize, char)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

/// The digit zero of every script that has decimal digits in the basic plane.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// Roman numerals, largest first.
const ROMAN: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];

pub(super) fn format_integer(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(number) = arguments.number(0)? else { return Ok(None) };
    let picture = arguments.required(1, arguments.text(1)?)?;
    let picture = IntegerPicture::parse(&picture)?;
    Ok(Some(Value::from(picture.format(number.floor(), evaluator)?)))
}

pub(super) fn parse_integer(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    let picture = arguments.required(1, arguments.text(1)?)?;
    Ok(Some(Value::from(IntegerPicture::parse(&picture)?.read(&text)?)))
}

impl IntegerPicture {
    pub(super) fn parse(picture: &str) -> Result<Self, Fault> {
        let (primary, ordinal) = match picture.rsplit_once(';') {
            Some((primary, modifier)) => (primary, modifier.starts_with('o')),
            None => (picture, false),
        };
        let (style, case) = match primary {
            "A" => (Style::Letters, Case::Upper),
            "a" => (Style::Letters, Case::Lower),
            "I" => (Style::Roman, Case::Upper),
            "i" => (Style::Roman, Case::Lower),
            "W" => (Style::Words, Case::Upper),
            "Ww" => (Style::Words, Case::Title),
            "w" => (Style::Words, Case::Lower),
            _ => (decimal_style(primary)?, Case::Lower),
        };
        Ok(Self { style, case, ordinal })
    }

    /// The digits that must be written; 0 when this is no decimal picture.
    pub(super) fn mandatory_digits(&self) -> usize {
        if let Style::Decimal(decimal) = &self.style { decimal.mandatory } else { 0 }
    }

    pub(super) fn set_mandatory_digits(&mut self, digits: usize) {
        if let Style::Decimal(decimal) = &mut self.style {
            decimal.mandatory = digits;
        }
    }

    /// Writes an integer.
    pub(super) fn format(&self, number: f64, evaluator: &Evaluator<'_>) -> Result<String, Fault> {
        let magnitude = number.abs();
        if !magnitude.is_finite() && !matches!(self.style, Style::Decimal(_)) {
            return Err(fault("D1001", format!("Number out of range: {}", shortest(number))));
        }
        let text = match &self.style {
            Style::Decimal(decimal) => decimal.format(magnitude, self.ordinal, evaluator)?,
            Style::Letters => to_letters(magnitude),
            Style::Roman => to_roman(magnitude, evaluator)?,
            Style::Words => words::from_number(magnitude, self.ordinal),
            Style::Sequence(picture) => return Err(unsupported(picture)),
        };
        let text = match (&self.style, self.case) {
            (Style::Decimal(_), _) | (_, Case::Title) => text,
            (_, Case::Upper) => text.to_uppercase(),
            (_, Case::Lower) => text.to_lowercase(),
        };
        Ok(if number < 0.0 { format!("-{text}") } else { text })
    }

    /// Reads an integer; what cannot be read is NaN.
    pub(super) fn read(&self, text: &str) -> Result<f64, Fault> {
        Ok(match &self.style {
            Style::Decimal(decimal) => decimal.read(text, self.ordinal),
            Style::Letters => {
                let first = if self.case == Case::Upper { 'A' } else { 'a' };
                text.chars().fold(0.0, |sum, letter| {
                    sum * 26.0 + f64::from(u32::from(letter)) - f64::from(u32::from(first)) + 1.0
                })
            }
            Style::Roman => {
                from_roman(&if self.case == Case::Upper { text.to_owned() } else { text.to_uppercase() })
            }
            Style::Words => words::to_number(&text.to_lowercase()),
            Style::Sequence(picture) => return Err(unsupported(picture)),
        })
    }
}

impl Decimal {
    fn format(&self, magnitude: f64, ordinal: bool, evaluator: &Evaluator<'_>) -> Result<String, Fault> {
        evaluator.check_string(self.mandatory)?;
        let digits = shortest(magnitude);
        let padding = self.mandatory.saturating_sub(digits.len());
        let ascii = std::iter::repeat_n('0', padding).chain(digits.chars());
        let mut text: Vec<char> =
            ascii.map(|digit| char::from_u32(u32::from(digit) + self.zero - 0x30).unwrap_or(digit)).collect();
        match &self.grouping {
            Grouping::Regular(every, separator) => {
                let groups = text.len().saturating_sub(1) / every;
                for group in (1..=groups).rev() {
                    text.insert(text.len() - group * every, *separator);
                }
            }
            Grouping::At(separators) => {
                for (position, separator) in separators.iter().rev() {
                    text = insert_from_right(&text, *position, *separator);
                }
            }
        }
        if ordinal {
            text.extend(ordinal_suffix(&text).chars());
        }
        Ok(text.into_iter().collect())
    }

    fn read(&self, text: &str, ordinal: bool) -> f64 {
        let mut digits: Vec<char> = text.chars().collect();
        if ordinal {
            digits.truncate(digits.len().saturating_sub(2));
        }
        match &self.grouping {
            Grouping::Regular(..) => digits.retain(|digit| *digit != ','),
            Grouping::At(separators) => {
                digits.retain(|digit| !separators.iter().any(|(_, separator)| separator == digit));
            }
        }
        let ascii = |digit: char| (u32::from(digit) + 0x30).checked_sub(self.zero).and_then(char::from_u32);
        let digits: Option<String> = digits.into_iter().map(ascii).collect();
        digits.map_or(f64::NAN, |digits| leading_integer(&digits))
    }
}

/// What JavaScript's `parseInt` reads: blanks, a sign, and digits as far as they go.
pub(super) fn leading_integer(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<f64>().map_or(f64::NAN, |number| sign * number)
}

/// Inserts a separator before the last `position` characters. A text that is too short loses what stands before
/// as many characters from its end, as in the reference.
fn insert_from_right(text: &[char], position: usize, separator: char) -> Vec<char> {
    let (before, after) = if position <= text.len() {
        text.split_at(text.len() - position)
    } else {
        (&[][..], &text[text.len() - (position - text.len()).min(text.len())..])
    };
    [before, &[separator], after].concat()
}

fn ordinal_suffix(text: &[char]) -> &'static str {
    let is_teen = text.len() > 1 && text[text.len() - 2] == '1';
    match text.last() {
        Some('1') if !is_teen => "st",
        Some('2') if !is_teen => "nd",
        Some('3') if !is_teen => "rd",
        _ => "th",
    }
}

fn decimal_style(picture: &str) -> Result<Style, Fault> {
    let mut zero = None;
    let (mut mandatory, mut optional) = (0, 0);
    let mut separators = Vec::new();
    for character in picture.chars().rev() {
        let code = u32::from(character);
        if let Some(group) = ZEROS.iter().find(|group| (**group..**group + 10).contains(&code)) {
            if *zero.get_or_insert(*group) != *group {
                let message = "In a decimal digit pattern, all digits must be from the same decimal group";
                return Err(fault("D3131", message));
            }
            mandatory += 1;
        } else if character == '#' {
            optional += 1;
        } else {
            separators.push((mandatory + optional, character));
        }
    }
    let Some(zero) = zero else { return Ok(Style::Sequence(picture.to_owned())) };
    let grouping = match regular_grouping(&separators) {
        Some((every, separator)) => Grouping::Regular(every, separator),
        None => Grouping::At(separators),
    };
    Ok(Style::Decimal(Decimal { zero, mandatory, optional, grouping }))
}

/// The distance between separators, when they are all alike and stand at all its multiples.
fn regular_grouping(separators: &[(usize, char)]) -> Option<(usize, char)> {
    let (_, separator) = *separators.first()?;
    if separators.iter().any(|(_, other)| *other != separator) {
        return None;
    }
    let positions: Vec<usize> = separators.iter().map(|(position, _)| *position).collect();
    regular_distance(&positions).map(|every| (every, separator))
}

/// The greatest common divisor of positions, when all its multiples up to their number are among them.
pub(super) fn regular_distance(positions: &[usize]) -> Option<usize> {
    let every = positions.iter().copied().reduce(greatest_common_divisor)?;
    let complete = (1..=positions.len()).all(|multiple| positions.contains(&(multiple * every)));
    (every > 0 && complete).then_some(every)
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn to_letters(mut number: f64) -> String {
    let mut letters = Vec::new();
    while number > 0.0 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a remainder below 26")]
        let offset = ((number - 1.0) % 26.0) as u8;
        letters.push(char::from(b'a' + offset));
        number = ((number - 1.0) / 26.0).floor();
    }
    letters.into_iter().rev().collect()
}

fn to_roman(mut number: f64, evaluator: &Evaluator<'_>) -> Result<String, Fault> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates; the limit is checked next"
    )]
    let thousands = (number / 1000.0) as usize;
    evaluator.check_string(thousands)?;
    let mut text = String::new();
    for (value, numeral) in ROMAN {
        while number >= value {
            text.push_str(numeral);
            number -= value;
        }
    }
    Ok(text)
}

fn from_roman(text: &str) -> f64 {
    let (mut sum, mut greatest) = (0.0, 1.0);
    for numeral in text.chars().rev() {
        let value = match numeral {
            'M' => 1000.0,
            'D' => 500.0,
            'C' => 100.0,
            'L' => 50.0,
            'X' => 10.0,
            'V' => 5.0,
            'I' => 1.0,
            _ => return f64::NAN,
        };
        if value < greatest {
            sum -= value;
        } else {
            greatest = value;
            sum += value;
        }
    }
    sum
}

fn unsupported(picture: &str) -> Fault {
    let start = Value::from(picture);
    let message = format!(
        "Formatting or parsing an integer as a sequence starting with {start} is not supported by this implementation"
    );
    fault("D3130", message)
}
