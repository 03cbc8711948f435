//! What somebody who watches gets to see, as it happens.
//! Separate from the history because a live display also wants what the service never records: delays and tokens.

use std::sync::Arc;

use crate::Timestamp;
use crate::core::{Notice, Resource, Status};
use crate::history::HistoryEvent;

/// Something that happened in an execution.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The name of the execution; the children of a Map Run have names of their own.
    pub execution: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Observed,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// An event was recorded: States entered and left, tasks succeeded and failed.
    Recorded(HistoryEvent),
    /// A task was handed to its runner.
    TaskStarted {
        /// The name of the Task State.
        state: Arc<str>,
        /// Who does the work.
        resource: Arc<Resource>,
        /// Which attempt it is, counted from 0.
        attempt: u32,
    },
    /// A Task's result will come with this Task Token, from somebody else.
    WaitingForToken {
        /// The name of the Task State.
        state: Arc<str>,
        /// The Task Token.
        token: Arc<str>,
    },
    /// A retry is coming, or a Catcher has taken a failure.
    Noticed(Notice),
    /// The execution is over.
    Finished(Status),
}

/// Somebody who watches. Called in the middle of everything, so it must be quick: put it on a channel.
///
/// Any `Fn(Observation)` is one.
pub trait Observer: Send + Sync + 'static {
    /// Takes note.
    fn observe(&self, observation: Observation);
}

impl<F: Fn(Observation) + Send + Sync + 'static> Observer for F {
    fn observe(&self, observation: Observation) {
        self(observation);
    }
}
