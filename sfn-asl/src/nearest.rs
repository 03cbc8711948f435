//! The known names nearest to an unknown one, for "did you mean".
//! Separate because rules, handlers and commands ask, and none should know how nearness is measured.

use std::cell::RefCell;
use std::collections::HashMap;

/// The nearest of the known names, when one is near enough to be meant.
///
/// ```
/// use sfn_asl::nearest::nearest;
///
/// let known = ["ChargePayment", "Notify", "Release"];
/// assert_eq!(nearest("ChargePayement", known), Some("ChargePayment"));
/// assert_eq!(nearest("Refund", known), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = (length / 3).max(1);
    let mut distance = Distance::to(name);
    let mut found = None;
    for candidate in known {
        let most = match found {
            None => limit,
            Some((0, _)) => break,
            // Of equally near names the first counts.
            Some((nearest, _)) => nearest - 1,
        };
        // Names of very different lengths need not be compared.
        if candidate.chars().count().abs_diff(length) <= limit
            && let Some(distance) = distance.from(candidate, most)
        {
            found = Some((distance, candidate));
        }
    }
    found.map(|(_, name)| name)
}

/// The nearest of always the same known names, for as many unknown ones as a reader may want to hear of: to compare
/// thousands with thousands would take longer than all else.
#[derive(Debug, Default)]
pub(crate) struct Suggestions<'a>(RefCell<HashMap<String, Option<&'a str>>>);

impl<'a> Suggestions<'a> {
    /// After so many unknown names nothing is suggested for further ones.
    const MOST: usize = 100;

    /// The nearest of the known names to one.
    pub(crate) fn of(&self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let mut made = self.0.borrow_mut();
        if let Some(near) = made.get(name) {
            return *near;
        }
        if made.len() == Self::MOST {
            return None;
        }
        let near = nearest(name, known);
        made.insert(name.to_owned(), near);
        near
    }
}

/// The known names, each once, the nearest first and equally near ones in alphabetical order.
///
/// ```
/// use sfn_asl::nearest::nearest_first;
///
/// assert_eq!(nearest_first("oder-saga", ["hello", "order-saga", "other"]), ["order-saga", "other", "hello"]);
/// ```
pub fn nearest_first<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known: Vec<_> = known.into_iter().collect();
    let mut distance = Distance::to(name);
    known.sort_by_cached_key(|candidate| (distance.from(candidate, usize::MAX), *candidate));
    known.dedup();
    known
}

/// Names as the end of a sentence.
///
/// ```
/// assert_eq!(sfn_asl::nearest::listed(&["hello", "order-saga"]), "`hello`, `order-saga`");
/// assert_eq!(sfn_asl::nearest::listed(&[]), "none");
/// ```
pub fn listed(names: &[&str]) -> String {
    let mut text = String::new();
    for name in names {
        text.push_str(if text.is_empty() { "`" } else { ", `" });
        text.push_str(name);
        text.push('`');
    }
    if text.is_empty() { "none".to_owned() } else { text }
}

/// How many characters of other names have to be changed, added or left out to make them one name, upper and lower
/// case being the same. Holds what is reused from name to name, since a definition may have thousands.
struct Distance {
    name: Vec<char>,
    other: Vec<char>,
    row: Vec<usize>,
}

impl Distance {
    fn to(name: &str) -> Self {
        Self { name: name.chars().flat_map(char::to_lowercase).collect(), other: Vec::new(), row: Vec::new() }
    }

    /// The distance of a name, if it is at most so many.
    fn from(&mut self, other: &str, most: usize) -> Option<usize> {
        let Self { name, other: two, row } = self;
        two.clear();
        if other.is_ascii() {
            two.extend(other.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        } else {
            two.extend(other.chars().flat_map(char::to_lowercase));
        }
        let (one, two) = without_common_ends(name, two);
        row.clear();
        row.extend(0..=two.len());
        for (above, left) in one.iter().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], above + 1);
            let mut least = above + 1;
            for (index, right) in two.iter().enumerate() {
                let changed = diagonal + usize::from(left != right);
                diagonal = row[index + 1];
                row[index + 1] = changed.min(diagonal + 1).min(row[index] + 1);
                least = least.min(row[index + 1]);
            }
            // From row to row the least only grows.
            if least > most {
                return None;
            }
        }
        Some(row[two.len()]).filter(|distance| *distance <= most)
    }
}

/// Two words without what they begin and end with in common, which adds nothing to their distance.
fn without_common_ends<'w>(mut one: &'w [char], mut two: &'w [char]) -> (&'w [char], &'w [char]) {
    while let ([first, one_rest @ ..], [second, two_rest @ ..]) = (one, two)
        && first == second
    {
        (one, two) = (one_rest, two_rest);
    }
    while let ([one_rest @ .., first], [two_rest @ .., second]) = (one, two)
        && first == second
    {
        (one, two) = (one_rest, two_rest);
    }
    (one, two)
}

#[cfg(test)]
mod tests {
    use super::{Suggestions, nearest, nearest_first};

    #[test]
    fn a_slip_of_the_pen_finds_its_name_and_another_word_does_not() {
        let known = ["ChargePayment", "Notify", "Release"];
        assert_eq!(nearest("ChargePayement", known), Some("ChargePayment"));
        assert_eq!(nearest("notify", known), Some("Notify"));
        assert_eq!(nearest("Refund", known), None);
    }

    #[test]
    fn of_equally_near_names_the_first_is_meant_and_a_nearer_one_before_it() {
        assert_eq!(nearest("Ship9", ["Ship1", "Ship2"]), Some("Ship1"));
        assert_eq!(nearest("shipitem", ["ShipItems", "ShipItem", "shipitem"]), Some("ShipItem"));
        assert_eq!(nearest("Straße", ["Strasse", "STRAßE"]), Some("STRAßE"));
        assert_eq!(nearest("abcdef", ["abdcef", "bcdefa"]), Some("abdcef"));
    }

    #[test]
    fn nothing_is_suggested_after_the_first_hundred_unknown_names() {
        let suggestions = Suggestions::default();
        let known = || ["Ship", "Pay"].into_iter();
        for number in 0..Suggestions::MOST {
            let name = format!("Ship{}", "x".repeat(number));
            assert_eq!(suggestions.of(&name, known()), nearest(&name, known()), "{name}");
        }
        assert_eq!(suggestions.of("Pays", known()), None);
        assert_eq!(suggestions.of("Shipx", known()), Some("Ship"), "what was suggested once still is");
    }

    #[test]
    fn equally_near_names_come_in_alphabetical_order_and_once() {
        assert_eq!(nearest_first("x", ["b", "a", "b"]), ["a", "b"]);
    }
}
