//! The known names nearest to an unknown one, for "did you mean".
//! Separate because rules, handlers and commands ask, and none should know how nearness is measured.

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
    // Names of very different lengths need not be compared.
    let known = known.into_iter().filter(|candidate| candidate.chars().count().abs_diff(length) <= limit);
    let distances = known.map(|candidate| (distance(name, candidate), candidate));
    distances
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
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
    known.sort_by_cached_key(|candidate| (distance(name, candidate), *candidate));
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

/// How many characters have to be changed, added or left out, upper and lower case being the same.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (above, left) in one.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (index, right) in two.iter().enumerate() {
            let changed = diagonal + usize::from(left != *right);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_first};

    #[test]
    fn a_slip_of_the_pen_finds_its_name_and_another_word_does_not() {
        let known = ["ChargePayment", "Notify", "Release"];
        assert_eq!(nearest("ChargePayement", known), Some("ChargePayment"));
        assert_eq!(nearest("notify", known), Some("Notify"));
        assert_eq!(nearest("Refund", known), None);
    }

    #[test]
    fn equally_near_names_come_in_alphabetical_order_and_once() {
        assert_eq!(nearest_first("x", ["b", "a", "b"]), ["a", "b"]);
    }
}
