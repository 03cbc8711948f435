//! What the stand-ins were sent, kept for whoever wants to see it.
//! Separate because it is the one thing that all stand-ins share and tests read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use sfn_asl::Value;

use crate::Timestamp;
use crate::driver::TaskRequest;

/// How many are kept.
const KEPT: usize = 1_000;

/// A request that a stand-in got.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The `Resource` of the Task State.
    pub resource: Arc<str>,
    /// What the service was to be sent.
    pub arguments: Value,
    /// The ARN of the execution.
    pub execution: Arc<str>,
    /// The name of the Task State.
    pub state: Arc<str>,
    /// When.
    pub at: Timestamp,
}

/// The latest requests, shared by all holds of the same services.
#[derive(Debug, Clone, Default)]
pub(super) struct Sents {
    latest: Arc<Mutex<VecDeque<Sent>>>,
}

impl Sents {
    pub(super) fn keep(&self, request: &TaskRequest) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.len() == KEPT {
            latest.pop_front();
        }
        latest.push_back(Sent {
            resource: Arc::clone(request.resource.arn()),
            arguments: request.arguments.clone(),
            execution: Arc::clone(&request.identity.execution_arn),
            state: Arc::clone(&request.state),
            at: request.started,
        });
    }

    pub(super) fn all(&self) -> Vec<Sent> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
