//! Task Tokens: which task each belongs to, and what using one can come to.
//! Separate because tokens arrive from outside and may be wrong, old, or used twice.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::actor::ExecutionKey;
use crate::core::TaskId;

/// Why a Task Token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no Task Token at all.
    #[error("Invalid Token: 'Invalid token'")]
    Invalid,
    /// It looks like one, but no task of this engine has it.
    #[error("Task does not exist")]
    Unknown,
    /// Its task is over: done, failed, timed out or given up.
    #[error("Task Timed Out: 'Provided task does not exist anymore'")]
    TimedOut,
    /// The engine is gone.
    #[error("the engine has shut down")]
    ShutDown,
}

/// The tokens that are out, and those that are spent.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    live: HashMap<Arc<str>, (ExecutionKey, TaskId)>,
    spent: HashSet<Arc<str>>,
}

/// How long the tokens that the core makes are.
const LENGTH: usize = 64;

impl Tokens {
    pub(super) fn issue(&mut self, token: Arc<str>, execution: ExecutionKey, task: TaskId) {
        self.live.insert(token, (execution, task));
    }

    pub(super) fn spend(&mut self, token: &Arc<str>) {
        if self.live.remove(token).is_some() {
            self.spent.insert(Arc::clone(token));
        }
    }

    pub(super) fn find(&self, token: &str) -> Result<(ExecutionKey, TaskId), TokenError> {
        match self.live.get(token) {
            Some(place) => Ok(*place),
            None if self.spent.contains(token) => Err(TokenError::TimedOut),
            None if token.len() == LENGTH && token.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Err(TokenError::Unknown)
            }
            None => Err(TokenError::Invalid),
        }
    }

    pub(super) fn are_out(&self) -> bool {
        !self.live.is_empty()
    }
}
