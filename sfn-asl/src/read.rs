//! From JSON text to a State Machine, with everything that stands in the way.
//! Separate from the model because only here do text, position and model meet.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::document::{self, Tree};
use crate::text::{Lines, Location};
use crate::{Diagnostic, Document, Format, StateMachine, Value};

/// Why a text or a value is no State Machine: all the reasons, never none.
///
/// ```
/// use sfn_asl::StateMachine;
///
/// let error = "{\n  \"StartAt\": 1,\n  \"States\": {}\n}".parse::<StateMachine>().unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 14, `/StartAt`: found `1`, expected a string");
/// assert_eq!(error.faults()[0].diagnostic.code.as_str(), "wrong-type");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReadError {
    faults: Vec<ReadFault>,
}

/// One reason why a text or a value is no State Machine.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFault {
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// Where in the text it is, if there was a text.
    pub location: Option<Location>,
    /// The bytes of the text that show it, if there was a text.
    pub bytes: Option<Range<usize>>,
}

impl ReadError {
    /// The reasons, in the order in which they were found.
    pub fn faults(&self) -> &[ReadFault] {
        &self.faults
    }
}

impl fmt::Display for ReadFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Location { line, column }) = self.location {
            write!(formatter, "line {line}, column {column}, ")?;
        }
        write!(formatter, "`{}`: {}", self.diagnostic.place, self.diagnostic.message)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            fault.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}

impl ReadError {
    /// The faults of a text, each with the bytes that show it.
    pub(crate) fn in_text(text: &str, faults: Vec<(Diagnostic, Range<usize>)>) -> Self {
        let lines = Lines::new(text);
        let locate = |(diagnostic, bytes): (Diagnostic, Range<usize>)| {
            let location = Some(lines.location(bytes.start));
            ReadFault { diagnostic, location, bytes: Some(bytes) }
        };
        Self { faults: faults.into_iter().map(locate).collect() }
    }
}

impl ReadError {
    /// The same faults of a text that is part of another one.
    pub(crate) fn moved(self, text: &str, outward: impl Fn(&Range<usize>) -> Range<usize>) -> Self {
        let moved = |fault: ReadFault| (fault.diagnostic, outward(&fault.bytes.unwrap_or_default()));
        Self::in_text(text, self.faults.into_iter().map(moved).collect())
    }
}

impl FromStr for StateMachine {
    type Err = ReadError;

    /// Reads the text of a definition, JSON or YAML by [`Format::of_text`].
    fn from_str(text: &str) -> Result<Self, ReadError> {
        Document::parse(text, Format::of_text(text))?.machine()
    }
}

impl StateMachine {
    /// Reads a definition that is a JSON value already.
    ///
    /// ```
    /// use sfn_asl::{StateMachine, Value};
    ///
    /// let value: Value = [("StartAt", Value::from("Done"))].into_iter().collect();
    /// let error = StateMachine::from_value(&value).unwrap_err();
    /// assert_eq!(error.to_string(), "`/`: the field `States` is required and missing");
    /// ```
    pub fn from_value(value: &Value) -> Result<Self, ReadError> {
        match document::read(Tree::of(value).root()) {
            (Some(machine), faults) if faults.is_empty() => Ok(machine),
            (_, faults) => {
                let unlocated = |diagnostic| ReadFault { diagnostic, location: None, bytes: None };
                Err(ReadError { faults: faults.into_iter().map(unlocated).collect() })
            }
        }
    }
}

impl<'de> Deserialize<'de> for StateMachine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
