//! From a State Machine to canonical JSON text.
//! Separate from the model because the layout is a decision of its own: two spaces, every element on its own line,
//! fields in canonical order, numbers as JavaScript writes them, nothing that says nothing (an empty `Assign`, `Retry`
//! or `Catch`, `"End": false`), no newline at the end.

use std::fmt::{self, Write};

use serde::{Serialize, Serializer};

use crate::wire::Wire;
use crate::{StateMachine, Value};

impl StateMachine {
    /// The definition as a JSON value, its fields in canonical order.
    ///
    /// ```
    /// use sfn_asl::StateMachine;
    ///
    /// assert_eq!(StateMachine::default().to_value().to_string(), r#"{"StartAt":"","States":{}}"#);
    /// ```
    pub fn to_value(&self) -> Value {
        self.write()
    }

    /// The definition as canonical JSON text: the same machine always gives the same bytes, and reading them gives
    /// the same machine.
    ///
    /// ```
    /// use sfn_asl::StateMachine;
    ///
    /// assert_eq!(StateMachine::default().to_json_pretty(), "{\n  \"StartAt\": \"\",\n  \"States\": {}\n}");
    /// ```
    pub fn to_json_pretty(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for StateMachine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_pretty(formatter, &self.to_value(), 0)
    }
}

impl Serialize for StateMachine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

fn write_pretty(out: &mut impl Write, value: &Value, depth: usize) -> fmt::Result {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| (None, item));
            write_container(out, '[', items, ']', depth)
        }
        Value::Object(fields) if !fields.is_empty() => {
            let fields = fields.iter().map(|(name, value)| (Some(Value::String(name.clone())), value));
            write_container(out, '{', fields, '}', depth)
        }
        scalar => write!(out, "{scalar}"),
    }
}

fn write_container<'v>(
    out: &mut impl Write,
    open: char,
    elements: impl Iterator<Item = (Option<Value>, &'v Value)>,
    close: char,
    depth: usize,
) -> fmt::Result {
    out.write_char(open)?;
    for (index, (name, value)) in elements.enumerate() {
        out.write_str(if index == 0 { "\n" } else { ",\n" })?;
        indent(out, depth + 1)?;
        if let Some(name) = name {
            write!(out, "{name}: ")?;
        }
        write_pretty(out, value, depth + 1)?;
    }
    out.write_char('\n')?;
    indent(out, depth)?;
    out.write_char(close)
}

fn indent(out: &mut impl Write, depth: usize) -> fmt::Result {
    (0..depth).try_for_each(|_| out.write_str("  "))
}
