//! Literals within Paths: JSON read with the licence Jayway takes (single quotes, bare words), and escapes.
//! Separate because definitions are read strictly and these are not.

use crate::Value;

/// How deeply arrays and objects may nest.
const MAX_DEPTH: usize = 32;

/// Reads a literal; nothing when the text is none.
pub(super) fn json(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.rest.trim_start().is_empty().then_some(value)
}

/// A quoted name without its escapes. The service leaves a backslash in front of the quote that does not end the
/// name: `['a\"b']` is the field `a\"b`.
pub(super) fn unescape_name(text: &str, quote: u8) -> String {
    match quote {
        b'\'' => unescape(&text.replace("\\\"", "\\\\\"")),
        _ => unescape(&text.replace(r"\'", r"\\'")),
    }
}

/// A quoted text without its escapes.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match rest.next() {
            Some('r') => plain.push('\r'),
            Some('f') => plain.push('\u{c}'),
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('b') => plain.push('\u{8}'),
            Some('u') => {
                let digits: String = rest.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                plain.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => plain.push(other),
            None => plain.push('\\'),
        }
    }
    plain
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '[' => {
                let mut items = Vec::new();
                self.list(']', |reader| {
                    items.push(reader.value(depth + 1)?);
                    Some(())
                })?;
                Some(Value::from(items))
            }
            '{' => {
                let mut fields = Vec::new();
                self.list('}', |reader| {
                    let name = reader.text()?;
                    reader.take(':')?;
                    fields.push((name, reader.value(depth + 1)?));
                    Some(())
                })?;
                Some(fields.into_iter().collect())
            }
            '\'' | '"' => self.text().map(Value::from),
            _ => {
                let word = self.text()?;
                Some(match word.as_str() {
                    "null" => Value::Null,
                    "true" => Value::from(true),
                    "false" => Value::from(false),
                    // serde_json's grammar of numbers is JSON's.
                    word => number(word).unwrap_or_else(|| Value::from(word)),
                })
            }
        }
    }

    /// What stands between brackets, separated by commas.
    fn list(&mut self, close: char, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.rest = &self.rest[1..];
        if self.take(close).is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            if self.take(',').is_none() {
                return self.take(close);
            }
        }
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        self.rest = self.rest.trim_start();
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    /// A quoted text or a bare word.
    fn text(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let quote = self.rest.chars().next().filter(|first| matches!(first, '\'' | '"'));
        let Some(quote) = quote else {
            let end = self.rest.find([',', ']', '}', ':', '[', '{']).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(word.trim_end().to_owned()).filter(|word| !word.is_empty());
        };
        let content = &self.rest[1..];
        let mut escaped = false;
        let end = content.char_indices().find_map(|(at, character)| {
            let ends = character == quote && !escaped;
            escaped = character == '\\' && !escaped;
            ends.then_some(at)
        })?;
        self.rest = &content[end + 1..];
        Some(unescape(&content[..end]))
    }
}

/// A number as JSON writes it.
pub(crate) fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) || digits.ends_with('.') {
        return None;
    }
    match text.parse::<i64>() {
        Ok(integer) => Some(Value::from(integer)),
        Err(_) => text.parse::<f64>().ok().filter(|double| double.is_finite()).map(Value::from),
    }
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn literals_are_read_with_single_quotes_and_bare_words() {
        let cases = [
            ("['a', \"b\"]", r#"["a","b"]"#),
            ("[a, 1.5, -2, null, true]", r#"["a",1.5,-2,null,true]"#),
            ("{'a': [], b: {}}", r#"{"a":[],"b":{}}"#),
            (r"['it\'s']", r#"["it's"]"#),
        ];
        for (text, expected) in cases {
            assert_eq!(json(text).map(|value| value.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["[", "['a]", "{a}", "[1,,2]", "[1] x"] {
            assert_eq!(json(text), None, "{text}");
        }
    }
}
