//! The task token: the right to complete a task that waits, from anywhere and any time later.
//! Separate because it outlives the process that made it, and reaches the service through a backend others install.

mod keep_alive;
#[cfg(feature = "links")]
pub(crate) mod link;
pub mod link_names;
#[cfg(not(feature = "links"))]
mod no_links;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::native::callback::{Callback, deliver, is_native};
use crate::payload::encode;
use crate::{AnyVal, Failed, Payload, Shape, TaskError, write_error};

pub use keep_alive::KeepAlive;

/// The right to complete a task that waits for a callback, with a `T`.
///
/// A task asks for it with an argument: `token: TaskToken<Approval>`. It serializes as the plain text of the token, so it
/// can be stored and read back; its Debug does not show it, for whoever knows it may complete the task.
pub struct TaskToken<T> {
    text: String,
    output: PhantomData<fn() -> T>,
}

impl<T> TaskToken<T> {
    /// A token from its text, as it was stored.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), output: PhantomData }
    }

    /// The token's text, for storing it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Completes the task with its output.
    ///
    /// # Errors
    ///
    /// See [`TokenError`].
    pub async fn succeed(&self, output: T) -> Result<(), TokenError>
    where
        T: Serialize,
    {
        let json = encode(&output).map_err(TokenError::Output)?;
        drop(output);
        #[cfg(feature = "stored")]
        let json = crate::stored::put_away(json).await.map_err(TokenError::Output)?;
        self.complete(Ok(json)).await
    }

    /// Completes the task with an error.
    ///
    /// # Errors
    ///
    /// See [`TokenError`].
    pub async fn fail<E: TaskError>(&self, error: E) -> Result<(), TokenError> {
        let failed = write_error(&error);
        drop(error);
        self.complete(Err(failed)).await
    }

    /// Tells that the work goes on, so that the task does not fail with `States.HeartbeatTimeout`.
    ///
    /// # Errors
    ///
    /// See [`TokenError`].
    pub async fn heartbeat(&self) -> Result<(), TokenError> {
        if is_native(&self.text) {
            return deliver(&self.text, Callback::Heartbeat);
        }
        backend()?.heartbeat(&self.text).await
    }

    /// Sends heartbeats until what it gives is dropped: one at once, the others each `every` so long.
    ///
    /// An `every` of a third of the task's `heartbeat` forgives a lost one. [`KeepAlive::during`] ends the work early when
    /// nobody waits for it any more.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, and where `every` is zero.
    pub fn keep_alive(&self, every: Duration) -> KeepAlive
    where
        T: 'static,
    {
        KeepAlive::new(self.clone(), every)
    }

    async fn complete(&self, result: Result<Value, Failed>) -> Result<(), TokenError> {
        if is_native(&self.text) {
            return deliver(&self.text, Callback::Completed(result));
        }
        match result {
            Ok(output) => backend()?.succeed(&self.text, output).await,
            Err(failed) => backend()?.fail(&self.text, failed).await,
        }
    }
}

/// Why a token could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The task has ended: it timed out, it was completed before, or its execution is over.
    #[error("the task does not wait for this token any more")]
    TimedOut,
    /// The token is one, but of no task that the service knows: it comes from elsewhere, or from very long ago.
    #[error("the service knows no task of this token: {0}")]
    DoesNotExist(String),
    /// The text is no token.
    #[error("the text is no task token: {0}")]
    Invalid(String),
    /// The output cannot travel as JSON.
    #[error("the output cannot travel: {0}")]
    Output(#[source] Failed),
    /// The token is not of this process, and nothing is installed that reaches the service.
    #[error(
        "no connection to the service is installed: switch on the feature `client` of `sfn` where `sfn::lambda::main!` \
         serves this task, or call `sfn::client::install_tokens` first"
    )]
    NotInstalled,
    /// The service could not be reached, or refused the call.
    #[error("the call of the service failed: {0}")]
    Transport(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What reaches the service for the tokens it minted.
pub trait TokenBackend: Send + Sync + 'static {
    /// `SendTaskSuccess`.
    fn succeed<'a>(&'a self, token: &'a str, output: Value) -> TokenAnswer<'a>;

    /// `SendTaskFailure`, with the failure's error name and cause.
    fn fail<'a>(&'a self, token: &'a str, failed: Failed) -> TokenAnswer<'a>;

    /// `SendTaskHeartbeat`.
    fn heartbeat<'a>(&'a self, token: &'a str) -> TokenAnswer<'a>;
}

/// The answer of the service, to be awaited.
pub type TokenAnswer<'a> = Pin<Box<dyn Future<Output = Result<(), TokenError>> + Send + 'a>>;

static BACKEND: OnceLock<Box<dyn TokenBackend>> = OnceLock::new();

/// Installs what reaches the service, once per process.
///
/// # Errors
///
/// Gives the backend back when one is installed already.
pub fn install(backend: Box<dyn TokenBackend>) -> Result<(), Box<dyn TokenBackend>> {
    BACKEND.set(backend)
}

fn backend() -> Result<&'static dyn TokenBackend, TokenError> {
    BACKEND.get().map(Box::as_ref).ok_or(TokenError::NotInstalled)
}

impl<T> Serialize for TaskToken<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for TaskToken<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A token inside of something that is sent to a service is its text.
impl<T: 'static> Payload for TaskToken<T> {
    type Fields = ();

    fn shape() -> Shape {
        Shape::String
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

impl<T> Clone for TaskToken<T> {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl<T> PartialEq for TaskToken<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for TaskToken<T> {}

impl<T> fmt::Debug for TaskToken<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TaskToken(..)")
    }
}
