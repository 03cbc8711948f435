//! What keeps claims and results of idempotent tasks, seen from the tasks.
//! Separate because what happens around a handler is the same over a table of DynamoDB and over memory.

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

/// Why a store does not answer.
pub type StoreError = Box<dyn Error + Send + Sync>;

/// What a store answers, later.
pub type StoreAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps what idempotent tasks are doing and what they have done.
///
/// Each method is atomic: of two claims of one key one is refused, wherever they come from.
pub trait IdempotencyStore: Send + Sync {
    /// Claims a key for an invocation, unless another one holds it or has done the work.
    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreAnswer<'a, Claimed>;

    /// Records what the holder of a claim gave, or that it is too large to be kept; `false` where another has taken the claim
    /// over.
    fn record<'a>(&'a self, claim: &'a Claim, output: Option<&'a str>) -> StoreAnswer<'a, bool>;

    /// Gives a claim back, if it is still held.
    fn release<'a>(&'a self, claim: &'a Claim) -> StoreAnswer<'a, ()>;

    /// How many bytes of a result it can keep.
    fn largest_output(&self) -> usize {
        usize::MAX
    }
}

/// What an invocation asks a store for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What tells the call from all others, of this task and of any other.
    pub key: String,
    /// A digest of the call's arguments.
    pub payload: String,
    /// Names the invocation, and no other.
    pub holder: String,
    /// How long it holds: until the invocation's process is stopped.
    pub holds: Duration,
    /// How long its result is kept.
    pub remembered: Duration,
}

/// What a store says to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It is granted.
    Here,
    /// Another invocation holds it.
    Elsewhere {
        /// The digest of its arguments.
        payload: String,
    },
    /// The work is done.
    Done {
        /// The digest of its arguments.
        payload: String,
        /// What it gave, unless that was too large to be kept.
        output: Option<String>,
    },
}
