//! JSON text to tree, with duplicates and nesting in check.
//! Separate from other readers of JSON because a definition's faults need their place, and because `${Name}` may stand
//! where a value is put in later.

use std::fmt::Display;
use std::sync::Arc;

use super::fault::{self, Step, TextFault};
use super::tree::{Builder, Children, Kind, MAX_DEPTH, Marks, Name, Open, Span, Text, Tree, number};
use crate::rules::invalid_json;

/// Reads a JSON text. Fields that come twice do not stop the reading.
pub(super) fn parse(text: &Arc<str>) -> Result<Tree, Vec<TextFault>> {
    let mut parser = Parser::new(text, Builder::new(text));
    match parser.document() {
        Ok(()) if parser.faults.is_empty() => parser.builder.finish().ok_or_else(Vec::new),
        Ok(()) => Err(parser.faults),
        Err(fault) => {
            parser.faults.push(*fault);
            Err(parser.faults)
        }
    }
}

/// In the content of a string as it is written, the offset of what is at `wanted` in the string it means.
pub(super) fn offset_in_string(content: &str, wanted: usize) -> usize {
    let mut parser = Parser::new(content, Builder::default());
    let mut meant = 0;
    while meant < wanted {
        let before = parser.at;
        match parser.peek_char() {
            None => return before,
            Some('\\') => match parser.escape() {
                Ok(character) => meant += character.len_utf8(),
                Err(_) => return before,
            },
            Some(character) => {
                parser.at += character.len_utf8();
                meant += character.len_utf8();
            }
        }
    }
    parser.at
}

/// Reads a JSON text, knowing at each moment where in the document it stands.
struct Parser<'t> {
    text: &'t str,
    at: usize,
    builder: Builder,
    path: Vec<Step<Text>>,
    faults: Vec<TextFault>,
    /// What a string means while it is put together.
    scratch: String,
}

type Parsed<T> = Result<T, Box<TextFault>>;

impl<'t> Parser<'t> {
    fn new(text: &'t str, builder: Builder) -> Self {
        Self { text, at: 0, builder, path: Vec::new(), faults: Vec::new(), scratch: String::new() }
    }

    fn document(&mut self) -> Parsed<()> {
        if self.text.starts_with('\u{feff}') {
            let mut fault = self.fault_at(0, "found a byte order mark, expected a JSON value");
            fault.0.help = Some("save the file as UTF-8 without a byte order mark".to_owned());
            return Err(fault);
        }
        self.value(Name::default())?;
        match self.next() {
            None => Ok(()),
            Some(_) => self.fail("the end of the text"),
        }
    }

    #[expect(clippy::inline_always, reason = "most values are scalars, read where they stand")]
    #[inline(always)]
    fn value(&mut self, name: Name) -> Parsed<()> {
        let next = self.next();
        let start = self.at;
        let kind = match next {
            Some(b'"') => Kind::String(self.string()?),
            Some(b'{') => Kind::Object(self.nested(Self::object)?),
            Some(b'[') => Kind::Array(self.nested(Self::array)?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b'$') if self.text[start..].starts_with("${") => {
                Kind::Opaque(self.placeholder()?, Children::default())
            }
            _ => self.word()?,
        };
        self.builder.add(name, kind, Span::new(start, self.at));
        Ok(())
    }

    fn nested(&mut self, read: fn(&mut Self, Open) -> Parsed<Children>) -> Parsed<Children> {
        if self.path.len() == MAX_DEPTH {
            let message = format!("arrays and objects nest more than {MAX_DEPTH} deep");
            return Err(self.fault_at(self.at, message));
        }
        self.at += 1;
        let open = self.builder.open();
        read(self, open)
    }

    #[inline(never)]
    fn object(&mut self, open: Open) -> Parsed<Children> {
        let mut next = self.next();
        if next == Some(b'}') {
            self.at += 1;
            return Ok(self.builder.close(open));
        }
        let (mut names, mut may_repeat) = (Marks::default(), false);
        loop {
            if next != Some(b'"') {
                return self.fail("a field's name in double quotes");
            }
            let start = self.at;
            let text = self.string()?;
            let name = self.builder.name(text, Span::new(start, self.at));
            if self.next() != Some(b':') {
                return self.fail("`:`");
            }
            self.at += 1;
            may_repeat |= names.add(name.mark);
            self.path.push(Step::Key(text));
            self.value(name)?;
            self.path.pop();
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return self.fail("`,` or `}`"),
            }
            next = self.next();
        }
        self.at += 1;
        if may_repeat {
            let Self { builder, faults, path, .. } = self;
            for (name, span) in builder.duplicates(open) {
                let pointer = fault::pointer(path, |name| builder.text(name)).join(name);
                faults.push(fault::duplicate(pointer, name, span));
            }
        }
        Ok(self.builder.close(open))
    }

    #[inline(never)]
    fn array(&mut self, open: Open) -> Parsed<Children> {
        if self.next() == Some(b']') {
            self.at += 1;
            return Ok(self.builder.close(open));
        }
        loop {
            self.path.push(Step::Index(open.len(&self.builder)));
            self.value(Name::default())?;
            self.path.pop();
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return self.fail("`,` or `]`"),
            }
        }
        self.at += 1;
        Ok(self.builder.close(open))
    }

    #[expect(clippy::inline_always, reason = "most of a text are strings, each of them short")]
    #[inline(always)]
    fn string(&mut self) -> Parsed<Text> {
        let (start, bytes) = (self.at, self.text.as_bytes());
        let end = start + 1 + plain_length(&bytes[start + 1..]);
        if bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Text::written(start + 1..end));
        }
        self.at = end;
        self.string_with_escapes(start)
    }

    /// Reads on in a string of which only the beginning stands for itself.
    #[cold]
    fn string_with_escapes(&mut self, start: usize) -> Parsed<Text> {
        let mut meant = std::mem::take(&mut self.scratch);
        meant.clear();
        meant.push_str(&self.text[start + 1..self.at]);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let text = self.builder.meant(&meant);
                    self.scratch = meant;
                    return Ok(text);
                }
                Some(b'\\') => meant.push(self.escape()?),
                Some(_) => {
                    let message =
                        "a string holds a control character, expected its escape (`\\n`, `\\t`, `\\u0000`)";
                    return Err(self.fault_at(self.at, message));
                }
                None => return Err(self.fault_at(start, "a string does not end, expected `\"`")),
            }
            let plain = self.at;
            self.at += plain_length(&self.text.as_bytes()[plain..]);
            meant.push_str(&self.text[plain..self.at]);
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(quoted @ (b'"' | b'\\' | b'/')) => char::from(quoted),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => {
                return Err(
                    self.fault_at(start, "there is no such escape in JSON, expected `\\\\` or a known one")
                );
            }
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self, start: usize) -> Parsed<char> {
        let first = self.code_unit(start)?;
        let mut units = vec![first];
        if (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 1;
            units.push(self.code_unit(start)?);
        }
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(self.fault_at(start, "half of a surrogate pair, expected both halves")),
        }
    }

    /// Reads `uXXXX`.
    fn code_unit(&mut self, start: usize) -> Parsed<u16> {
        let digits = self.text.get(self.at + 1..self.at + 5);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 5;
                Ok(unit)
            }
            None => Err(self.fault_at(start, "`\\u` needs four hexadecimal digits")),
        }
    }

    fn number(&mut self) -> Parsed<Text> {
        let start = self.at;
        let rest = &self.text[start..];
        let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        let digits = &rest[..length];
        if !is_json_number(digits) {
            return Err(self.fault_at(start, format!("found `{digits}`, expected a JSON number")));
        }
        if may_be_too_large(digits) && number(digits).is_none() {
            return Err(self.fault_at(start, format!("the number `{digits}` is too large")));
        }
        self.at += length;
        Ok(Text::written(start..self.at))
    }

    /// Reads a bare `${Name}`.
    #[cold]
    fn placeholder(&mut self) -> Parsed<Text> {
        let start = self.at;
        let Some(length) = placeholder_length(&self.text[start..]) else {
            return Err(self.fault_at(start, "a placeholder does not end, expected `}` on the same line"));
        };
        self.at += length;
        Ok(Text::written(start..self.at))
    }

    fn word(&mut self) -> Parsed<Kind> {
        let rest = &self.text[self.at..];
        for (word, value) in [("null", Kind::Null), ("true", Kind::Bool(true)), ("false", Kind::Bool(false))]
        {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.fail("a JSON value")
    }

    /// The next byte that is no blank, with which it is now.
    fn next(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
            at += 1;
        }
        self.at = at;
        bytes.get(at).copied()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn peek_char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    #[cold]
    fn fail<T>(&self, expected: &str) -> Parsed<T> {
        let found = self.peek_char();
        let message = match found {
            Some(found @ ('"' | '\'')) => format!("found `{found}`, expected {expected}"),
            Some(found) => format!("found `{}`, expected {expected}", found.escape_debug()),
            None => format!("the text ends, expected {expected}"),
        };
        let mut fault = self.fault_at(self.at, message);
        let follows_comma = self.text[..self.at].trim_end().ends_with(',');
        fault.0.help = match found {
            Some('}' | ']') if follows_comma => Some("remove the comma before it"),
            Some('\'') => Some("JSON has double quotes only"),
            Some('/' | '#') => Some("JSON has no comments: use a `Comment` field"),
            Some(_) if expected.contains("`,` or") => Some("add a comma before it"),
            _ => None,
        }
        .map(str::to_owned);
        Err(fault)
    }

    #[cold]
    fn fault_at(&self, offset: usize, message: impl Display) -> Box<TextFault> {
        let pointer = fault::pointer(&self.path, |name| self.builder.text(name));
        let end = self.text[offset..].chars().next().map_or(offset, |found| offset + found.len_utf8());
        Box::new(fault::syntax(invalid_json::CODE, pointer, message, offset..end))
    }
}

/// With how many bytes a text begins that stand for themselves in a string: no control characters, `"` or `\\`.
pub(crate) fn plain_length(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some((chunk, behind)) = rest.split_first_chunk() {
        let special = special_bytes(*chunk);
        if special != 0 {
            return text.len() - rest.len() + special.trailing_zeros() as usize / 8;
        }
        rest = behind;
    }
    let is_special = |byte: &u8| matches!(byte, 0..b' ' | b'"' | b'\\');
    text.len() - rest.len() + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// A number whose lowest bit that is set is in the first byte that does not stand for itself; zero, if all do.
fn special_bytes(bytes: [u8; 8]) -> u64 {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let word = u64::from_le_bytes(bytes);
    // A byte borrows from its neighbour, and its highest bit is set, if it is less than what is taken from it.
    let less_than = |word: u64, byte: u8| word.wrapping_sub(each(byte)) & !word;
    // `"` and a blank are one bit apart: with that bit turned, `"` stands behind the control characters.
    let special = less_than(word ^ each(b'"' ^ b' '), b' ' + 1) | less_than(word ^ each(b'\\'), 1);
    special & each(0x80)
}

/// How many bytes the `${...}` has with which the text begins.
fn placeholder_length(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at + 1),
            b'}' => depth -= 1,
            b'\n' => return None,
            _ => {}
        }
    }
    None
}

/// Whether a JSON number may be more than a double holds: in few digits only an exponent says so much.
fn may_be_too_large(number: &str) -> bool {
    const FEW: usize = 300;
    number.len() > FEW || number.bytes().any(|byte| matches!(byte, b'e' | b'E'))
}

/// Whether a text is a JSON number.
pub(super) fn is_json_number(text: &str) -> bool {
    let mut rest = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let begins_with_zero = rest.starts_with(b"0");
    let whole = digits(&mut rest);
    let has_whole = whole == 1 || (whole > 1 && !begins_with_zero);
    let has_fraction = !skip(&mut rest, b".") || digits(&mut rest) > 0;
    let has_exponent = !skip(&mut rest, b"eE") || {
        skip(&mut rest, b"+-");
        digits(&mut rest) > 0
    };
    has_whole && has_fraction && has_exponent && rest.is_empty()
}

/// Goes behind the digits with which a text begins, and says how many there are.
fn digits(text: &mut &[u8]) -> usize {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    *text = &text[count..];
    count
}

/// Goes behind the first byte, if it is one of those.
fn skip(text: &mut &[u8], any: &[u8]) -> bool {
    match text.split_first() {
        Some((first, rest)) if any.contains(first) => {
            *text = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::TextFault;
    use super::super::tree::{MAX_DEPTH, Tree};
    use crate::Location;

    fn parse(text: &str) -> Result<Tree, Vec<TextFault>> {
        super::parse(&text.into())
    }

    fn check_fault(text: &str, expected: &str) {
        let faults = parse(text).expect_err(text);
        let shown: Vec<_> = faults
            .iter()
            .map(|(diagnostic, bytes)| {
                let Location { line, column } = Location::of(text, bytes.start);
                format!("{line}:{column} {diagnostic}")
            })
            .collect();
        assert_eq!(shown.join("\n"), expected, "{text}");
    }

    #[test]
    fn json_is_read_as_serde_json_reads_it() {
        let texts = [
            "null",
            " true ",
            "-0.5e+3",
            "9007199254740993",
            r#""a\"\\\/\b\f\n\r\té\uD83D\uDE00é""#,
            r#"{"b": [1, 2, {"c": []}], "a": {}}"#,
        ];
        for text in texts {
            let expected: crate::Value = serde_json::from_str(text).expect(text);
            assert_eq!(parse(text).expect(text).root().to_value(), expected, "{text}");
        }
    }

    #[test]
    fn a_placeholder_may_stand_where_a_value_does() {
        let text = r#"{"A": ${jsonencode({a = 1})}, "B": [${n}]}"#;
        let value = parse(text).expect(text).root().to_value();
        assert_eq!(value.to_string(), r#"{"A":"${jsonencode({a = 1})}","B":["${n}"]}"#);
        check_fault(
            "{\"A\": ${x\n}",
            "1:7 error[invalid-json] /A: a placeholder does not end, expected `}` on the same line",
        );
    }

    #[test]
    fn what_is_no_json_is_reported_where_it_is() {
        check_fault("", "1:1 error[invalid-json] /: the text ends, expected a JSON value");
        check_fault("{\n  \"A\": [1,]\n}", "2:11 error[invalid-json] /A/1: found `]`, expected a JSON value");
        check_fault("{\"A\" 1}", "1:6 error[invalid-json] /: found `1`, expected `:`");
        check_fault("[01]", "1:2 error[invalid-json] /0: found `01`, expected a JSON number");
        check_fault("[1e999]", "1:2 error[invalid-json] /0: the number `1e999` is too large");
        check_fault("{\"A\": \"", "1:7 error[invalid-json] /A: a string does not end, expected `\"`");
        check_fault(
            "[\"\\uD800\"]",
            "1:3 error[invalid-json] /0: half of a surrogate pair, expected both halves",
        );
        check_fault("{} x", "1:4 error[invalid-json] /: found `x`, expected the end of the text");
        check_fault("\u{0}", "1:1 error[invalid-json] /: found `\\0`, expected a JSON value");
        check_fault(
            "\u{feff}{}",
            "1:1 error[invalid-json] /: found a byte order mark, expected a JSON value",
        );
    }

    #[test]
    fn every_field_that_comes_twice_is_reported() {
        check_fault(
            "{\"A\": 1, \"A\": 2,\n \"B\": {\"C\": 1, \"C\": 2}}",
            "2:16 error[duplicate-field] /B/C: the field `C` stands here twice\n\
             1:10 error[duplicate-field] /A: the field `A` stands here twice",
        );
        let many: Vec<_> = (0..100).map(|number| format!("\"F{}\": 1", number % 99)).collect();
        check_fault(
            &format!("{{{}}}", many.join(",")),
            "1:883 error[duplicate-field] /F0: the field `F0` stands here twice",
        );
    }

    #[test]
    fn a_string_ends_at_its_quote_wherever_that_stands() {
        for special in ["\"", "\\", "\n", "\u{0}", "\u{1f}"] {
            for length in 0..20 {
                for plain in ["a", "é", " ", "\u{7f}", "!", "#", "[", "]"] {
                    let before = plain.repeat(length);
                    let text = format!("{before}{special}{before}\"");
                    assert_eq!(super::plain_length(text.as_bytes()), before.len(), "{text:?}");
                }
            }
        }
        assert_eq!(super::plain_length("é".repeat(9).as_bytes()), 18);
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        let faults = parse(&nested(10_000)).expect_err("too deep");
        assert_eq!(faults[0].0.message, "arrays and objects nest more than 200 deep");
        assert!(parse(&"[{\"a\":".repeat(100_000)).is_err());
    }
}
