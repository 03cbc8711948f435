//! How wide text is, and where it is broken into lines.
//! Separate because a layout needs widths before anything is drawn, and no font is at hand: the widths are those of common
//! sans-serif fonts, rounded up.

/// The width of a text, in multiples of the font's size.
fn width_in_em(text: &str) -> f64 {
    text.chars()
        .map(|char| match char {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.32,
            'f' | 't' | 'r' | ' ' | '(' | ')' | '[' | ']' | '/' | '-' => 0.42,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
            'A'..='Z' | '&' => 0.72,
            char if u32::from(char) > 0x2e80 => 1.05,
            _ => 0.6,
        })
        .sum()
}

/// The width of a text in a font of that size.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    width_in_em(text) * size
}

/// Breaks a text into at most `most` lines no wider than `limit`; what is too long ends in `…`.
pub(crate) fn wrap(text: &str, size: f64, limit: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for piece in pieces(text).into_iter().flat_map(|piece| chopped(piece, size, limit)) {
        let line = lines.last_mut().map_or("", |line| line.as_str());
        if line.is_empty() || width(&[line, piece.trim_end()].concat(), size) <= limit {
            if let Some(line) = lines.last_mut() {
                line.push_str(piece);
            }
        } else {
            lines.push(piece.to_owned());
        }
    }
    let is_cut = lines.len() > most;
    lines.truncate(most);
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    if is_cut && let Some(last) = lines.last_mut() {
        while !last.is_empty() && width(last, size) + size > limit {
            last.pop();
        }
        last.push('\u{2026}');
    }
    lines
}

/// The parts of a text between which a line may end: words, and the words in `UpperCamel` names.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (at, char) in text.char_indices() {
        let is_break = previous.is_some_and(|previous: char| {
            let begins_word = previous.is_lowercase() && char.is_uppercase();
            let ends_word = matches!(previous, ' ' | '-' | '_' | ':' | '/') && char != ' ';
            begins_word || ends_word
        });
        if is_break {
            pieces.push(&text[start..at]);
            start = at;
        }
        previous = Some(char);
    }
    pieces.push(&text[start..]);
    pieces
}

/// A piece in parts that fit into a line.
fn chopped(piece: &str, size: f64, limit: f64) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut wide) = (0, 0.0);
    for (at, char) in piece.char_indices() {
        let more = width(char.encode_utf8(&mut [0; 4]), size);
        if wide + more > limit && at > start {
            parts.push(&piece[start..at]);
            (start, wide) = (at, 0.0);
        }
        wide += more;
    }
    parts.push(&piece[start..]);
    parts
}

/// A text as it stands in an XML document; what XML cannot carry becomes a space.
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, limit: f64, most: usize, expected: &[&str]) {
        let lines = wrap(text, 10.0, limit, most);
        assert_eq!(lines, expected);
        for line in lines {
            assert!(width(&line, 10.0) <= limit, "{line:?} is too wide");
        }
    }

    #[test]
    fn lines_end_between_words_where_they_can() {
        check("ReserveInventory", 200.0, 2, &["ReserveInventory"]);
        check("ReserveInventory", 60.0, 2, &["Reserve", "Inventory"]);
        check("reserve the inventory", 70.0, 3, &["reserve the", "inventory"]);
        check("aaaaaaaaaaaaaaa", 30.0, 5, &["aaaaa", "aaaaa", "aaaaa"]);
        check("one two three four", 50.0, 2, &["one two", "three\u{2026}"]);
        check("", 40.0, 2, &[""]);
    }

    #[test]
    fn xml_carries_any_text() {
        assert_eq!(xml("a<b & \"c\" > d\u{0}"), "a&lt;b &amp; &quot;c&quot; &gt; d ");
    }
}
