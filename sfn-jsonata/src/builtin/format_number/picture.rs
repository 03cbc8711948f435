//! Reading and judging the pictures of `$formatNumber`.
//! Separate from applying them because a picture is judged whole, with a code for each way to get it wrong.

use super::super::integer::regular_distance;
use crate::error::{Fault, fault};

/// More digits behind the point than any double has.
const MAX_FRACTION: usize = 1100;

/// The characters that pictures are made of.
pub(super) struct Symbols {
    pub(super) decimal_separator: Vec<char>,
    pub(super) grouping_separator: Vec<char>,
    pub(super) exponent_separator: Vec<char>,
    pub(super) minus_sign: Vec<char>,
    pub(super) percent: Vec<char>,
    pub(super) per_mille: Vec<char>,
    pub(super) zero: char,
    digit: Vec<char>,
    pattern_separator: Vec<char>,
}

impl Default for Symbols {
    fn default() -> Self {
        Self {
            decimal_separator: vec!['.'],
            grouping_separator: vec![','],
            exponent_separator: vec!['e'],
            minus_sign: vec!['-'],
            percent: vec!['%'],
            per_mille: vec!['\u{2030}'],
            zero: '0',
            digit: vec!['#'],
            pattern_separator: vec![';'],
        }
    }
}

impl Symbols {
    /// Overrides one; names that pictures do not use are ignored.
    pub(super) fn set(&mut self, name: &str, text: &str) {
        let characters = text.chars().collect();
        match name {
            "decimal-separator" => self.decimal_separator = characters,
            "grouping-separator" => self.grouping_separator = characters,
            "exponent-separator" => self.exponent_separator = characters,
            "minus-sign" => self.minus_sign = characters,
            "percent" => self.percent = characters,
            "per-mille" => self.per_mille = characters,
            "zero-digit" => self.zero = text.chars().next().unwrap_or('0'),
            "digit" => self.digit = characters,
            "pattern-separator" => self.pattern_separator = characters,
            _ => {}
        }
    }

    fn is_zero_to_nine(&self, character: char) -> bool {
        let zero = u32::from(self.zero);
        (zero..zero + 10).contains(&u32::from(character))
    }

    fn is_digit(&self, character: char) -> bool {
        self.is_zero_to_nine(character) || self.digit == [character]
    }

    fn is_active(&self, character: char) -> bool {
        let one = [character];
        self.is_digit(character)
            || self.decimal_separator == one
            || self.exponent_separator == one
            || self.grouping_separator == one
            || self.pattern_separator == one
    }

    fn begins_number(&self, character: char) -> bool {
        self.is_active(character) && self.exponent_separator != [character]
    }
}

/// The picture for numbers of one sign.
#[derive(Clone)]
pub(super) struct SubPicture {
    /// As it was written.
    pub(super) source: Vec<char>,
    pub(super) prefix: Vec<char>,
    pub(super) suffix: Vec<char>,
    pub(super) integer_least: usize,
    pub(super) integer_groups: Vec<usize>,
    pub(super) regular_grouping: Option<usize>,
    pub(super) fraction: Fraction,
    /// How far the mantissa of scientific notation is scaled up.
    pub(super) scaling: usize,
    /// The least number of digits of the exponent, when there is one.
    pub(super) exponent: Option<usize>,
}

#[derive(Clone)]
pub(super) struct Fraction {
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) groups: Vec<usize>,
}

/// A picture cut into its parts.
struct Parts<'p> {
    source: &'p [char],
    prefix: &'p [char],
    suffix: &'p [char],
    active: &'p [char],
    mantissa: &'p [char],
    exponent: Option<&'p [char]>,
    integer: &'p [char],
    fraction: &'p [char],
}

impl SubPicture {
    /// The one or two sub-pictures of a picture.
    pub(super) fn parse(picture: &[char], symbols: &Symbols) -> Result<Vec<Self>, Fault> {
        let mut sources = Vec::new();
        let mut from = 0;
        while let Some(at) = find(picture, &symbols.pattern_separator, from) {
            sources.push(&picture[from..at]);
            from = at + symbols.pattern_separator.len();
        }
        sources.push(&picture[from..]);
        if sources.len() > 2 {
            return Err(wrong("D3080", "The picture string must only contain a maximum of two sub-pictures"));
        }
        let parts: Vec<Parts<'_>> = sources.into_iter().map(|source| Parts::of(source, symbols)).collect();
        for part in &parts {
            part.judge(symbols)?;
        }
        Ok(parts.iter().map(|part| part.analysed(symbols)).collect())
    }
}

impl<'p> Parts<'p> {
    fn of(source: &'p [char], symbols: &Symbols) -> Self {
        let begins = |character: &char| symbols.begins_number(*character);
        let start = source.iter().position(begins).unwrap_or(source.len());
        let end = source.iter().rposition(begins).map_or(start, |last| last + 1);
        let active = &source[start..end];
        let exponent = find(source, &symbols.exponent_separator, start).filter(|at| *at <= end);
        // The position is one in the whole picture, as in the reference.
        let (mantissa, exponent) = match exponent {
            Some(at) => (&active[..at.min(active.len())], Some(&active[(at + 1).min(active.len())..])),
            None => (active, None),
        };
        let suffix = &source[end..];
        let (integer, fraction) = match find(mantissa, &symbols.decimal_separator, 0) {
            Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
            None => (mantissa, suffix),
        };
        Self { source, prefix: &source[..start], suffix, active, mantissa, exponent, integer, fraction }
    }

    /// Finds the fault that is reported: the last one, as in the reference.
    fn judge(&self, symbols: &Symbols) -> Result<(), Fault> {
        let mut found = Ok(());
        let mut check = |faulty: bool, code, message| {
            if faulty {
                found = Err(wrong(code, message));
            }
        };
        let repeats = |mark: &[char]| find(self.source, mark, 0) != rfind(self.source, mark);
        let has = |mark: &[char]| find(self.source, mark, 0).is_some();
        let is_grouping = |at: Option<&char>| at.is_some_and(|at| symbols.grouping_separator == [*at]);
        let point = find(self.source, &symbols.decimal_separator, 0);
        check(
            repeats(&symbols.decimal_separator),
            "D3081",
            "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
        );
        check(
            repeats(&symbols.percent),
            "D3082",
            "The sub-picture must not contain more than one instance of the 'percent' character",
        );
        check(
            repeats(&symbols.per_mille),
            "D3083",
            "The sub-picture must not contain more than one instance of the 'per-mille' character",
        );
        check(
            has(&symbols.percent) && has(&symbols.per_mille),
            "D3084",
            "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
        );
        check(
            !self.mantissa.iter().any(|character| symbols.is_digit(*character)),
            "D3085",
            "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'",
        );
        check(
            !self.active.iter().all(|character| symbols.is_active(*character)),
            "D3086",
            "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character",
        );
        match point {
            Some(point) => check(
                is_grouping(point.checked_sub(1).and_then(|before| self.source.get(before)))
                    || is_grouping(self.source.get(point + 1)),
                "D3087",
                "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character",
            ),
            None => check(
                is_grouping(self.integer.last()),
                "D3088",
                "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
            ),
        }
        check(
            has(&symbols.grouping_separator.repeat(2)),
            "D3089",
            "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
        );
        let mandatory = |part: &[char]| part.iter().any(|character| symbols.is_zero_to_nine(*character));
        check(
            find(self.integer, &symbols.digit, 0).is_some_and(|at| mandatory(&self.integer[..at])),
            "D3090",
            "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'",
        );
        check(
            rfind(self.fraction, &symbols.digit).is_some_and(|at| mandatory(&self.fraction[at..])),
            "D3091",
            "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'",
        );
        if let Some(exponent) = self.exponent {
            check(
                !exponent.is_empty() && (has(&symbols.percent) || has(&symbols.per_mille)),
                "D3092",
                "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'",
            );
            check(
                exponent.is_empty() || !exponent.iter().all(|character| symbols.is_zero_to_nine(*character)),
                "D3093",
                "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
            );
        }
        found
    }

    fn analysed(&self, symbols: &Symbols) -> SubPicture {
        let mandatory = |part: &[char]| part.iter().filter(|one| symbols.is_zero_to_nine(**one)).count();
        let digits = |part: &[char]| part.iter().filter(|one| symbols.is_digit(**one)).count();
        let integer_groups = self.groups(self.integer, symbols, |at| digits(&self.integer[at..]));
        let mut integer_least = mandatory(self.integer);
        let scaling = integer_least;
        let mut fraction = Fraction {
            least: mandatory(self.fraction),
            most: digits(self.fraction).min(MAX_FRACTION),
            groups: self
                .groups(self.fraction, symbols, |at| digits(&self.fraction[..at.min(self.fraction.len())])),
        };
        if integer_least == 0 && fraction.most == 0 {
            if self.exponent.is_some() {
                fraction.least = 1;
                fraction.most = 1;
            } else {
                integer_least = 1;
            }
        }
        if self.exponent.is_some() && integer_least == 0 && find(self.integer, &symbols.digit, 0).is_some() {
            integer_least = 1;
        }
        if integer_least == 0 && fraction.least == 0 {
            fraction.least = 1;
        }
        SubPicture {
            source: self.source.to_vec(),
            prefix: self.prefix.to_vec(),
            suffix: self.suffix.to_vec(),
            integer_least,
            regular_grouping: regular_distance(&integer_groups),
            integer_groups,
            fraction,
            scaling,
            exponent: self.exponent.map(mandatory),
        }
    }

    /// What `count` says at each grouping separator; those behind the first are looked for in the integer part, as
    /// in the reference.
    fn groups(&self, part: &[char], symbols: &Symbols, count: impl Fn(usize) -> usize) -> Vec<usize> {
        let mut groups = Vec::new();
        let mut at = find(part, &symbols.grouping_separator, 0);
        while let Some(position) = at.filter(|position| *position <= part.len()) {
            groups.push(count(position));
            at = find(self.integer, &symbols.grouping_separator, position + 1);
        }
        groups
    }
}

/// The first place of a mark at or behind a position; an empty mark stands nowhere.
pub(super) fn find(text: &[char], mark: &[char], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    if mark.is_empty() {
        return None;
    }
    rest.windows(mark.len()).position(|window| window == mark).map(|at| from + at)
}

fn rfind(text: &[char], mark: &[char]) -> Option<usize> {
    if mark.is_empty() {
        return None;
    }
    text.windows(mark.len()).rposition(|window| window == mark)
}

fn wrong(code: &'static str, message: &str) -> Fault {
    fault(code, message)
}
