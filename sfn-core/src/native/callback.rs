//! Task tokens minted in this process, and the attempts that wait for them.
//! Separate because it is the one piece of global state of the native run: a token travels as text and comes back
//! from anywhere.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{Failed, TokenError};

/// What comes back through a token.
#[derive(Debug)]
pub(crate) enum Callback {
    Heartbeat,
    Completed(Result<Value, Failed>),
}

/// An attempt that waits for its token; it stops to wait when it is dropped.
#[derive(Debug)]
pub(super) struct Pending {
    token: String,
    callbacks: UnboundedReceiver<Callback>,
}

const PREFIX: &str = "sfn-native-";
static MINTED: AtomicU64 = AtomicU64::new(1);
static WAITING: Mutex<BTreeMap<String, UnboundedSender<Callback>>> = Mutex::new(BTreeMap::new());

impl Pending {
    pub(super) fn mint() -> Self {
        let token = format!("{PREFIX}{}", MINTED.fetch_add(1, Ordering::Relaxed));
        let (sender, callbacks) = unbounded_channel();
        waiting().insert(token.clone(), sender);
        Self { token, callbacks }
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    pub(super) async fn next(&mut self) -> Callback {
        match self.callbacks.recv().await {
            Some(callback) => callback,
            // The sender stands in the list until it is used up: after a completion nothing more can come.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        waiting().remove(&self.token);
    }
}

/// Whether a token was minted in a process like this one, and not by the service.
pub(crate) fn is_native(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// Hands a callback to the attempt that waits for a token.
pub(crate) fn deliver(token: &str, callback: Callback) -> Result<(), TokenError> {
    let mut waiting = waiting();
    let sender = match callback {
        Callback::Heartbeat => waiting.get(token).cloned(),
        Callback::Completed(_) => waiting.remove(token),
    };
    sender.and_then(|sender| sender.send(callback).ok()).ok_or(TokenError::TimedOut)
}

fn waiting() -> MutexGuard<'static, BTreeMap<String, UnboundedSender<Callback>>> {
    // A panic cannot leave the map half changed.
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}
