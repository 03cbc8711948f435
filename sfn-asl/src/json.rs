//! JSON text to value, with duplicates and nesting in check.
//! Separate from other readers of JSON because a definition's faults need their place: pointer, line and column.

use std::ops::Range;

use sfn_jsonata::Object;

use crate::rules::{duplicate_field, invalid_json};
use crate::{Diagnostic, Place, Pointer, Value};

/// How deeply arrays and objects may nest.
const MAX_DEPTH: usize = 200;

/// What is wrong with a text, with the byte offset that shows it.
pub(crate) type TextFault = (Diagnostic, usize);

/// Reads a JSON text. The faults are those of the text itself; fields that come twice do not stop the reading.
pub(crate) fn parse(text: &str) -> Result<Value, Vec<TextFault>> {
    let mut parser = Parser::new(text);
    match parser.document() {
        Ok(value) if parser.faults.is_empty() => Ok(value),
        Ok(_) => Err(parser.faults),
        Err(fault) => {
            parser.faults.push(*fault);
            Err(parser.faults)
        }
    }
}

/// Reads a JSON text, knowing at each moment where in the document it stands.
pub(crate) struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    pointer: Pointer,
    faults: Vec<TextFault>,
    wanted: Option<&'t Pointer>,
    found: Option<Range<usize>>,
}

type Parsed<T> = Result<T, Box<TextFault>>;

impl<'t> Parser<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let (pointer, faults) = (Pointer::root(), Vec::new());
        Self { text, at: 0, depth: 0, pointer, faults, wanted: None, found: None }
    }

    /// The bytes of the value at a pointer.
    pub(crate) fn find(mut self, pointer: &'t Pointer) -> Option<Range<usize>> {
        self.wanted = Some(pointer);
        // A text that breaks off behind the value has still shown where the value is.
        self.document().ok();
        self.found
    }

    /// In the content of a string as it is written, the offset of what is at `wanted` in the string it means.
    pub(crate) fn offset_in_string(mut self, wanted: usize) -> usize {
        let mut meant = 0;
        while meant < wanted {
            let before = self.at;
            match self.peek_char() {
                None => return before,
                Some('\\') => match self.escape() {
                    Ok(character) => meant += character.len_utf8(),
                    Err(_) => return before,
                },
                Some(character) => {
                    self.at += character.len_utf8();
                    meant += character.len_utf8();
                }
            }
        }
        self.at
    }

    fn document(&mut self) -> Parsed<Value> {
        let value = self.value()?;
        self.skip_blanks();
        match self.peek_char() {
            None => Ok(value),
            Some(_) => self.fail("the end of the text"),
        }
    }

    fn value(&mut self) -> Parsed<Value> {
        self.skip_blanks();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::from(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        if self.wanted == Some(&self.pointer) {
            self.found = Some(start..self.at);
        }
        Ok(value)
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Parsed<Value>) -> Parsed<Value> {
        if self.depth == MAX_DEPTH {
            let message = format!("arrays and objects nest more than {MAX_DEPTH} deep");
            return Err(self.fault_at(self.at, message));
        }
        self.at += 1;
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Parsed<Value> {
        let mut object = Object::default();
        self.skip_blanks();
        if self.eat(b'}') {
            return Ok(Value::from(object));
        }
        loop {
            self.skip_blanks();
            let name_at = self.at;
            if self.peek() != Some(b'"') {
                return self.fail("a field's name in double quotes");
            }
            let name = self.string()?;
            self.skip_blanks();
            if !self.eat(b':') {
                return self.fail("`:`");
            }
            let value = self.below(&name)?;
            if object.contains_key(&name) {
                self.duplicate(&name, name_at);
            } else {
                object.insert(name, value);
            }
            self.skip_blanks();
            if self.eat(b'}') {
                return Ok(Value::from(object));
            }
            if !self.eat(b',') {
                return self.fail("`,` or `}`");
            }
        }
    }

    fn array(&mut self) -> Parsed<Value> {
        let mut items = Vec::new();
        self.skip_blanks();
        if self.eat(b']') {
            return Ok(Value::from(items));
        }
        loop {
            let item = self.below(items.len())?;
            items.push(item);
            self.skip_blanks();
            if self.eat(b']') {
                return Ok(Value::from(items));
            }
            if !self.eat(b',') {
                return self.fail("`,` or `]`");
            }
        }
    }

    /// Reads the value that stands at this key or index of the container being read.
    fn below(&mut self, token: impl std::fmt::Display) -> Parsed<Value> {
        let length = self.pointer.len();
        self.pointer.push(token);
        let value = self.value()?;
        self.pointer.truncate(length);
        Ok(value)
    }

    fn string(&mut self) -> Parsed<String> {
        let start = self.at;
        self.at += 1;
        let mut string = String::new();
        loop {
            let rest = &self.text[self.at..];
            let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
            let plain = rest.bytes().position(|byte| !is_plain(byte)).unwrap_or(rest.len());
            string.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => {
                    let message =
                        "a string holds a control character, expected its escape (`\\n`, `\\t`, `\\u0000`)";
                    return Err(self.fault_at(self.at, message));
                }
                None => return Err(self.fault_at(start, "a string does not end, expected `\"`")),
            }
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
        let mut units = vec![self.code_unit(start)?];
        if (0xD800..0xDC00).contains(&units[0]) && self.text[self.at..].starts_with("\\u") {
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

    fn number(&mut self) -> Parsed<Value> {
        let start = self.at;
        let rest = &self.text[start..];
        let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        let digits = &rest[..length];
        if !is_json_number(digits) {
            return Err(self.fault_at(start, format!("found `{digits}`, expected a JSON number")));
        }
        self.at += length;
        if let Ok(integer) = digits.parse::<i64>() {
            return Ok(Value::from(integer));
        }
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::from(number)),
            _ => Err(self.fault_at(start, format!("the number `{digits}` is too large"))),
        }
    }

    fn word(&mut self) -> Parsed<Value> {
        let rest = &self.text[self.at..];
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.fail("a JSON value")
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn peek_char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn fail<T>(&self, expected: &str) -> Parsed<T> {
        let message = match self.peek_char() {
            Some(found) => format!("found `{}`, expected {expected}", found.escape_debug()),
            None => format!("the text ends, expected {expected}"),
        };
        Err(self.fault_at(self.at, message))
    }

    fn fault_at(&self, offset: usize, message: impl Into<String>) -> Box<TextFault> {
        let place = Place::Definition { pointer: self.pointer.clone(), span: None };
        Box::new((Diagnostic::error(invalid_json::CODE, place, message), offset))
    }

    fn duplicate(&mut self, name: &str, offset: usize) {
        let place = Place::Definition { pointer: self.pointer.join(name), span: None };
        let message = format!("the field `{name}` stands here twice");
        let diagnostic =
            Diagnostic::error(duplicate_field::CODE, place, message).with_help("keep one of them");
        self.faults.push((diagnostic, offset));
    }
}

fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
        && exponent.is_none_or(|exponent| all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, parse};
    use crate::Location;

    fn check_fault(text: &str, expected: &str) {
        let faults = parse(text).expect_err(text);
        let shown: Vec<_> = faults
            .iter()
            .map(|(diagnostic, offset)| {
                let Location { line, column } = Location::of(text, *offset);
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
            assert_eq!(parse(text).expect(text), expected, "{text}");
        }
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
    }

    #[test]
    fn every_field_that_comes_twice_is_reported() {
        check_fault(
            "{\"A\": 1, \"A\": 2,\n \"B\": {\"C\": 1, \"C\": 2}}",
            "1:10 error[duplicate-field] /A: the field `A` stands here twice\n\
             2:16 error[duplicate-field] /B/C: the field `C` stands here twice",
        );
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
