//! Every form of a task's error, without a warning.
#![deny(warnings, missing_docs)]

use sfn::prelude::*;

/// A variant of each style.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum PaymentError {
    /// Documented fields.
    #[error("declined: {reason} ({code:?})")]
    Declined {
        /// Why.
        reason: String,
        /// The bank's word.
        code: Option<Code>,
    },
    /// Unnamed fields.
    #[error("over the limit of {0} by {1:?}")]
    #[task_error(name = "Limit.Exceeded")]
    Limit(u32, Vec<u32>),
    /// No fields.
    #[error("unavailable")]
    #[task_error(name = "Gateway.Unavailable", retry)]
    Unavailable,
    /// Keywords.
    #[error("{type}")]
    Move {
        /// A keyword.
        r#type: String,
    },
}

/// A payload that is an error's field.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Code(u8);

/// Nothing can go wrong.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum Never {}

/// One thing can.
#[derive(Debug, thiserror::Error, TaskError)]
#[error("gone")]
pub struct Gone;

/// One thing can, and it has a name of its own.
#[derive(Debug, thiserror::Error, TaskError)]
#[error("lost {0}")]
#[task_error(name = "Parcel.Lost", retry)]
pub struct Lost(pub String);

/// An error that is a payload as well.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Payload, TaskError)]
#[error("late by {days} days")]
#[serde(transparent)]
pub struct Late {
    /// How late.
    pub days: u32,
}

fn main() {
    let names: Vec<_> = PaymentError::ERRORS.iter().map(|error| (error.name, error.retry)).collect();
    let expected =
        [("Declined", false), ("Limit.Exceeded", false), ("Gateway.Unavailable", true), ("Move", false)];
    assert_eq!(names, expected);
    assert!(Never::ERRORS.is_empty());
    assert_eq!([Gone.error_name(), Lost(String::new()).error_name()], ["Gone", "Parcel.Lost"]);
    for error in [
        PaymentError::Declined { reason: "no funds".to_owned(), code: Some(Code(5)) },
        PaymentError::Limit(5, vec![1]),
        PaymentError::Unavailable,
        PaymentError::Move { r#type: "x".to_owned() },
    ] {
        let again = PaymentError::from_fields(error.error_name(), error.fields());
        assert_eq!(again.map(|again| again.to_string()), Some(error.to_string()));
    }
    assert!(Late::from_fields("Late", Late { days: 3 }.fields()).is_some());
}
