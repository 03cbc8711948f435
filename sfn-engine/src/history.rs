//! The history of an execution: every event the service would record, typed, and as its API writes it.
//! Separate because it is the contract between the core, which records, and everybody who looks.

mod details;
mod json;

pub use details::{Assigned, Details, Fault, Iteration, Scheduled, StateType};

use crate::Timestamp;

/// One entry of an execution's history.
///
/// Serializes as the service's `HistoryEvent`: payloads are JSON text, times are seconds since the epoch.
///
/// ```
/// use sfn_engine::Timestamp;
/// use sfn_engine::history::{Details, HistoryEvent};
///
/// let event = HistoryEvent {
///     id: 5,
///     previous_event_id: 4,
///     timestamp: Timestamp::from_millis(1_500),
///     details: Details::MapStateStarted { length: 3 },
/// };
/// assert_eq!(event.event_type(), "MapStateStarted");
/// assert_eq!(
///     serde_json::to_string(&event)?,
///     r#"{"timestamp":1.5,"type":"MapStateStarted","id":5,"previousEventId":4,"mapStateStartedEventDetails":{"length":3}}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEvent {
    /// The position in the history, counted from 1.
    pub id: u64,
    /// The event this one follows from; 0 when there is none.
    pub previous_event_id: u64,
    /// When it happened.
    pub timestamp: Timestamp,
    /// What happened.
    pub details: Details,
}

impl HistoryEvent {
    /// The service's name of the event type, such as `TaskStateEntered`.
    pub fn event_type(&self) -> &'static str {
        self.details.event_type()
    }
}
