//! Task Tokens: which task each belongs to, and what using one can come to.
//! Separate because tokens arrive from outside and may be wrong, old, or used twice.

use std::collections::HashMap;
use std::sync::Arc;

use super::actor::ExecutionKey;
use crate::core::{TaskId, is_token};

/// Why a Task Token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no Task Token at all.
    #[error("Invalid Token: 'Invalid token'")]
    Invalid,
    /// It looks like one, but no engine has given it out.
    #[error("Task does not exist")]
    Unknown,
    /// Its task is over: done, failed, timed out or given up.
    #[error("Task Timed Out: 'Provided task does not exist anymore'")]
    TimedOut,
    /// The engine is gone.
    #[error("the engine has shut down")]
    ShutDown,
}

/// The tokens that are out.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    live: HashMap<Arc<str>, Live>,
    /// How many of the live ones somebody is expected to come with.
    expected: usize,
}

#[derive(Debug)]
struct Live {
    place: (ExecutionKey, TaskId),
    /// Whether nothing else can end the task.
    is_expected: bool,
}

/// How long the tokens that the core makes are.
const LENGTH: usize = 64;

impl Tokens {
    pub(super) fn issue(
        &mut self,
        token: Arc<str>,
        execution: ExecutionKey,
        task: TaskId,
        is_expected: bool,
    ) {
        self.live.insert(token, Live { place: (execution, task), is_expected });
        self.expected += usize::from(is_expected);
    }

    pub(super) fn spend(&mut self, token: &Arc<str>) {
        if let Some(live) = self.live.remove(token) {
            self.expected -= usize::from(live.is_expected);
        }
    }

    pub(super) fn find(&self, token: &str) -> Result<(ExecutionKey, TaskId), TokenError> {
        match self.live.get(token) {
            Some(live) => Ok(live.place),
            None if is_token(token) => Err(TokenError::TimedOut),
            None if token.len() == LENGTH && token.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Err(TokenError::Unknown)
            }
            None => Err(TokenError::Invalid),
        }
    }

    /// Whether a task waits for somebody to come with its token.
    pub(super) fn are_expected(&self) -> bool {
        self.expected > 0
    }
}
