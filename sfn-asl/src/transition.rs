//! Where a State goes when it is done: to another State, or nowhere.
//! Separate because five of the eight State types, and only they, have exactly this choice.

use crate::Code;
use crate::wire::{Flat, ObjectReader, ObjectWriter};

/// The `Next` or `End` field of a State.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Transition {
    /// `"Next"`: the name of the State that follows, in the same State Machine.
    Next(String),
    /// `"End": true`.
    #[default]
    End,
}

impl Transition {
    /// The name of the State that follows.
    ///
    /// ```
    /// use sfn_asl::Transition;
    ///
    /// assert_eq!(Transition::Next("Pay".to_owned()).target(), Some("Pay"));
    /// assert_eq!(Transition::End.target(), None);
    /// ```
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Next(name) => Some(name),
            Self::End => None,
        }
    }
}

impl Flat for Transition {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self {
        let next = reader.optional::<String>("Next");
        let end = reader.optional::<bool>("End").unwrap_or(false);
        match (next, end) {
            (Some(next), false) => Self::Next(next),
            (None, true) => Self::End,
            (Some(next), true) => {
                reader.fault_at("End", Code::CONFLICTING_FIELDS, "found both `Next` and `End`", "keep one of them");
                Self::Next(next)
            }
            (None, false) => {
                if !reader.has_fault_at("Next") && !reader.has_fault_at("End") {
                    reader.fault(
                        Code::MISSING_FIELD,
                        "a State needs `Next` or `End`, and this one has neither",
                        "add `\"End\": true` or `\"Next\"` with the name of a State",
                    );
                }
                Self::End
            }
        }
    }

    fn put(&self, writer: &mut ObjectWriter) {
        match self {
            Self::Next(name) => writer.put("Next", name),
            Self::End => writer.put("End", &true),
        }
    }
}
