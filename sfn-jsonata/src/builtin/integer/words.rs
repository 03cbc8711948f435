//! Integers in English words, cardinal and ordinal.
//! Separate because the word lists serve writing, reading and the patterns of dates.

const SMALL: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];

const ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];

const TENS: [&str; 8] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];

/// Powers of a thousand; larger numbers are told in the last of them.
const MAGNITUDES: [(f64, &str); 4] =
    [(1e12, "Trillion"), (1e9, "Billion"), (1e6, "Million"), (1e3, "Thousand")];

/// Writes a whole number that is not negative.
pub(super) fn from_number(number: f64, ordinal: bool) -> String {
    spell(number, false, ordinal)
}

/// `joined` says that words stand before these.
fn spell(number: f64, joined: bool, ordinal: bool) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only used below 1000")]
    let small = number as usize;
    if number < 20.0 {
        let words = if ordinal { ORDINALS } else { SMALL };
        return format!("{}{}", if joined { " and " } else { "" }, words[small.min(19)]);
    }
    if number < 100.0 {
        let tens = TENS[small / 10 - 2];
        let start = if joined { " and " } else { "" };
        return match small % 10 {
            0 if ordinal => format!("{start}{}ieth", &tens[..tens.len() - 1]),
            0 => format!("{start}{tens}"),
            _ => format!("{start}{tens}-{}", spell(number % 10.0, false, ordinal)),
        };
    }
    let start = if joined { ", " } else { "" };
    let (count, unit, rest) = if number < 1000.0 {
        (SMALL[small / 100].to_owned(), "Hundred", number % 100.0)
    } else {
        let (factor, unit) =
            MAGNITUDES.into_iter().find(|(factor, _)| number >= *factor).unwrap_or(MAGNITUDES[3]);
        let count = (number / factor).floor();
        (spell(count, false, false), unit, number - count * factor)
    };
    let end = match rest {
        rest if rest > 0.0 => spell(rest, true, ordinal),
        _ if ordinal => "th".to_owned(),
        _ => String::new(),
    };
    format!("{start}{count} {unit}{end}")
}

/// Reads lower-case words; what is no number is NaN.
pub(super) fn to_number(text: &str) -> f64 {
    let mut segments = vec![0.0];
    for word in split(text) {
        let value = value_of(word).unwrap_or(f64::NAN);
        let last = segments.pop().unwrap_or(0.0);
        if value < 100.0 {
            if last >= 1000.0 {
                segments.extend([last, value]);
            } else {
                segments.push(last + value);
            }
        } else {
            segments.push(last * value);
        }
    }
    segments.into_iter().sum()
}

/// Every word that can stand in a number, for patterns.
pub(in super::super) fn vocabulary() -> Vec<String> {
    let lower = |word: &&str| word.to_lowercase();
    let mut words: Vec<String> = SMALL.iter().chain(&ORDINALS).map(lower).collect();
    for ten in TENS.iter().map(lower) {
        words.extend([format!("{}ieth", &ten[..ten.len() - 1]), ten]);
    }
    words.extend(["hundred".to_owned(), "hundredieth".to_owned(), "hundredth".to_owned()]);
    for (_, unit) in MAGNITUDES.iter().rev() {
        words.extend([unit.to_lowercase(), format!("{}th", unit.to_lowercase())]);
    }
    words
}

fn value_of(word: &str) -> Option<f64> {
    let position = |words: &[&str]| words.iter().position(|known| known.eq_ignore_ascii_case(word));
    let small = |at: usize| u8::try_from(at).ok().map(f64::from);
    if let Some(at) = position(&SMALL).or_else(|| position(&ORDINALS)) {
        return small(at);
    }
    let ten = TENS.iter().position(|ten| {
        let stem = &ten[..ten.len() - 1];
        ten.eq_ignore_ascii_case(word)
            || word.strip_suffix("ieth").is_some_and(|start| stem.eq_ignore_ascii_case(start))
    });
    if let Some(at) = ten {
        return small((at + 2) * 10);
    }
    let cardinal = word.strip_suffix("th").unwrap_or(word);
    if cardinal == "hundred" {
        return Some(100.0);
    }
    let magnitude = MAGNITUDES.iter().find(|(_, unit)| unit.eq_ignore_ascii_case(cardinal));
    magnitude.map(|(value, _)| *value)
}

/// The words between commas, `and`, hyphens and blanks.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        let cut = rest.char_indices().find_map(|(at, character)| {
            let behind = &rest[at + character.len_utf8()..];
            let blank = behind.chars().next().filter(|next| next.is_whitespace());
            match character {
                ',' => blank.map(|blank| (at, 1 + blank.len_utf8())),
                _ if character.is_whitespace() => {
                    let and = behind.strip_prefix("and").and_then(|after| after.chars().next());
                    let and = and.filter(|next| next.is_whitespace());
                    let length = and.map_or(0, |next| 3 + next.len_utf8());
                    Some((at, character.len_utf8() + length))
                }
                '-' | '\\' => Some((at, 1)),
                _ => None,
            }
        });
        let Some((at, length)) = cut else {
            words.push(rest);
            return words;
        };
        words.push(&rest[..at]);
        rest = &rest[at + length..];
    }
}

#[cfg(test)]
mod tests {
    use super::{from_number, to_number};

    #[test]
    fn numbers_are_spelled_and_read_back() {
        let cases = [
            (0.0, "Zero", "Zeroth"),
            (40.0, "Forty", "Fortieth"),
            (99.0, "Ninety-Nine", "Ninety-Ninth"),
            (100.0, "One Hundred", "One Hundredth"),
            (1001.0, "One Thousand and One", "One Thousand and First"),
            (123_456.0, "One Hundred and Twenty-Three Thousand, Four Hundred and Fifty-Six", ""),
        ];
        for (number, cardinal, ordinal) in cases {
            assert_eq!(from_number(number, false), cardinal);
            assert!(to_number(&cardinal.to_lowercase()).to_bits() == number.to_bits(), "{cardinal}");
            if !ordinal.is_empty() {
                assert_eq!(from_number(number, true), ordinal);
                assert!(to_number(&ordinal.to_lowercase()).to_bits() == number.to_bits(), "{ordinal}");
            }
        }
    }
}
