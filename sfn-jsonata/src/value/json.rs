//! Writing values as JSON text, compact or indented.
//! Separate from serde's serialization because the number format is JavaScript's and the indentation is `$string`'s.

use std::fmt::{self, Write};

use super::{Number, Value};

/// How JSON text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// No white space.
    Compact,
    /// Two spaces per level.
    Indented,
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_json(formatter, self, Layout::Compact, &write_number)
    }
}

impl Value {
    /// The length of its JSON text, without writing that.
    ///
    /// ```
    /// let value = sfn_jsonata::Value::from("a\"b");
    /// assert_eq!(value.json_length(), value.to_string().len());
    /// ```
    pub fn json_length(&self) -> usize {
        struct Length(usize);
        impl Write for Length {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0 += text.len();
                Ok(())
            }
        }
        let mut length = Length(0);
        // Counting never fails.
        let _ = write!(length, "{self}");
        length.0
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// What JSON cannot say is written as a string, as the service does with the result of `1/0`.
fn write_number(out: &mut dyn Write, number: Number) -> fmt::Result {
    if number.as_f64().is_finite() { write!(out, "{number}") } else { write!(out, "\"{number}\"") }
}

/// Writes a value; `number` decides how numbers look and whether they may appear.
pub(crate) fn write_json(
    out: &mut dyn Write,
    value: &Value,
    layout: Layout,
    number: &dyn Fn(&mut dyn Write, Number) -> fmt::Result,
) -> fmt::Result {
    Writer { layout, number }.value(out, value, 0)
}

struct Writer<'a> {
    layout: Layout,
    number: &'a dyn Fn(&mut dyn Write, Number) -> fmt::Result,
}

impl Writer<'_> {
    fn value(&self, out: &mut dyn Write, value: &Value, level: usize) -> fmt::Result {
        match value {
            Value::Null => out.write_str("null"),
            Value::Bool(flag) => out.write_str(if *flag { "true" } else { "false" }),
            Value::Number(number) => (self.number)(out, *number),
            Value::String(text) => quoted(out, text),
            Value::Array(items) => {
                out.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    self.separate(out, at, level)?;
                    self.value(out, item, level + 1)?;
                }
                self.close(out, items.is_empty(), level, ']')
            }
            Value::Object(fields) if fields.function().is_some() => out.write_str("\"\""),
            Value::Object(fields) if fields.is_undefined() => out.write_str("null"),
            Value::Object(fields) => {
                out.write_char('{')?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    self.separate(out, at, level)?;
                    quoted(out, name)?;
                    out.write_str(if self.layout == Layout::Indented { ": " } else { ":" })?;
                    self.value(out, value, level + 1)?;
                }
                self.close(out, fields.is_empty(), level, '}')
            }
        }
    }

    fn separate(&self, out: &mut dyn Write, at: usize, level: usize) -> fmt::Result {
        if at > 0 {
            out.write_char(',')?;
        }
        self.new_line(out, level + 1)
    }

    fn close(&self, out: &mut dyn Write, empty: bool, level: usize, bracket: char) -> fmt::Result {
        if !empty {
            self.new_line(out, level)?;
        }
        out.write_char(bracket)
    }

    fn new_line(&self, out: &mut dyn Write, level: usize) -> fmt::Result {
        if self.layout == Layout::Indented {
            out.write_char('\n')?;
            for _ in 0..level {
                out.write_str("  ")?;
            }
        }
        Ok(())
    }
}

fn quoted(out: &mut dyn Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0x00..0x20 => "",
            _ => continue,
        };
        out.write_str(&text[plain_from..at])?;
        if escape.is_empty() {
            write!(out, "\\u{byte:04x}")?;
        } else {
            out.write_str(escape)?;
        }
        plain_from = at + 1;
    }
    out.write_str(&text[plain_from..])?;
    out.write_char('"')
}
