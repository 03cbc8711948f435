//! Sets of characters, and which characters are the same when case is ignored.
//! Separate because case in JavaScript's expressions is defined by a mapping of its own.

use std::cmp::Ordering;
use std::sync::LazyLock;

/// Code points, first and last.
type Range = (u32, u32);

const LAST: u32 = char::MAX as u32;
const DIGITS: &[Range] = &[(0x30, 0x39)];
const WORD: &[Range] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
const SPACE: &[Range] = &[
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];
const LINE_ENDS: &[Range] = &[(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)];

/// A set of characters as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Class {
    ranges: Vec<Range>,
    is_negated: bool,
}

/// A set of characters as it is asked.
#[derive(Debug)]
pub(super) struct Set {
    /// In order, none touching another.
    ranges: Vec<Range>,
    is_negated: bool,
    ignores_case: bool,
    /// The answers for ASCII, a bit each.
    ascii: u128,
}

impl Class {
    /// What `d`, `D`, `s`, `S`, `w` or `W` stands for behind a backslash.
    pub(super) fn escaped(letter: char) -> Option<Self> {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => DIGITS,
            's' => SPACE,
            'w' => WORD,
            _ => return None,
        };
        let ranges = if letter.is_ascii_uppercase() { complement(ranges) } else { ranges.to_vec() };
        Some(Self { ranges, is_negated: false })
    }

    /// Every character but the ends of lines.
    pub(super) fn dot() -> Self {
        Self { ranges: LINE_ENDS.to_vec(), is_negated: true }
    }

    pub(super) fn add(&mut self, first: u32, last: u32) {
        self.ranges.push((first, last));
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        self.ranges.extend(&other.ranges);
    }

    pub(super) fn negate(&mut self) {
        self.is_negated = true;
    }

    pub(super) fn to_set(&self, ignores_case: bool) -> Set {
        let mut ranges = self.ranges.clone();
        if ignores_case {
            let written = merged(self.ranges.clone());
            let folded = FOLDED.iter().filter(|(from, _)| holds(&written, *from));
            ranges.extend(folded.map(|(_, to)| (*to, *to)));
        }
        let mut set = Set { ranges: merged(ranges), is_negated: self.is_negated, ignores_case, ascii: 0 };
        for byte in 0..0x80_u8 {
            set.ascii |= u128::from(set.looks_up(char::from(byte))) << byte;
        }
        set
    }
}

impl Set {
    pub(super) fn holds(&self, character: char) -> bool {
        if character.is_ascii() {
            return self.ascii >> u32::from(character) & 1 == 1;
        }
        self.looks_up(character)
    }

    fn looks_up(&self, character: char) -> bool {
        let character = if self.ignores_case { canonical(character) } else { character };
        holds(&self.ranges, character.into()) != self.is_negated
    }
}

/// The character that stands for all that differ from it by case only.
pub(super) fn canonical(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_uppercase();
    }
    // What is a pair of code units in JavaScript has no case there; and nothing folds into ASCII from outside.
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) if !one.is_ascii() && character <= '\u{FFFF}' => one,
        _ => character,
    }
}

/// Every character that another one stands for, with that one.
static FOLDED: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    let folded = ('\0'..='\u{FFFF}').map(|character| (character, canonical(character)));
    folded.filter(|(from, to)| from != to).map(|(from, to)| (from.into(), to.into())).collect()
});

/// Whether a character is one of a word.
pub(super) fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Whether a character ends a line.
pub(super) fn ends_line(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn holds(ranges: &[Range], point: u32) -> bool {
    let order = |(first, last): &Range| match () {
        () if *last < point => Ordering::Less,
        () if *first > point => Ordering::Greater,
        () => Ordering::Equal,
    };
    ranges.binary_search_by(order).is_ok()
}

fn merged(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let mut merged: Vec<Range> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// What ranges in order leave out.
fn complement(ranges: &[Range]) -> Vec<Range> {
    let firsts = std::iter::once(0).chain(ranges.iter().map(|(_, last)| last + 1));
    let lasts = ranges.iter().map(|(first, _)| first.checked_sub(1)).chain([Some(LAST)]);
    firsts
        .zip(lasts)
        .filter_map(|(first, last)| Some((first, last?)))
        .filter(|(first, last)| first <= last)
        .collect()
}
