//! The Wait State: time passes.
//! Separate because each State type has a file of its own.

use super::Shared;
use crate::rules::{conflicting_fields, missing_field};
use crate::wire::{Field, Flat, ObjectReader, ObjectWriter, flat};
use crate::{Operand, Transition};

/// A Wait State.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wait {
    /// What every State may have.
    pub shared: Shared,
    /// `Seconds`, `SecondsPath`, `Timestamp` or `TimestampPath`.
    pub until: WaitUntil,
    /// `Next` or `End`.
    pub transition: Transition,
}

flat!(Wait {
    flat until;
    flat transition;
    flat shared;
});

/// When a Wait State is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitUntil {
    /// After so many seconds.
    Seconds(Operand<i64>),
    /// At this time, an RFC 3339 timestamp.
    Timestamp(Operand<String>),
}

impl Default for WaitUntil {
    fn default() -> Self {
        Self::Seconds(Operand::Literal(0))
    }
}

impl Flat for WaitUntil {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self {
        const FORMS: [&str; 4] = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
        let found: Vec<_> = FORMS.into_iter().filter(|form| reader.peek(form).is_some()).collect();
        let seconds: Option<Operand<i64>> = Field::take(reader, "Seconds");
        let timestamp: Option<Operand<String>> = Field::take(reader, "Timestamp");
        if found.is_empty() {
            let message = "a Wait State needs `Seconds`, `SecondsPath`, `Timestamp` or `TimestampPath`";
            reader.fault(missing_field::CODE, message, "say how long it waits, with one of them");
        }
        match (seconds, timestamp) {
            (seconds, Some(timestamp)) => {
                if let (Some(_), [first, .., last]) = (&seconds, found.as_slice()) {
                    let message = format!("found both `{first}` and `{last}`");
                    reader.fault(conflicting_fields::CODE, message, "keep one of them");
                }
                Self::Timestamp(timestamp)
            }
            (Some(seconds), None) => Self::Seconds(seconds),
            (None, None) => Self::default(),
        }
    }

    fn put(&self, writer: &mut ObjectWriter) {
        match self {
            Self::Seconds(seconds) => Some(seconds.clone()).put(writer, "Seconds"),
            Self::Timestamp(timestamp) => Some(timestamp.clone()).put(writer, "Timestamp"),
        }
    }
}
