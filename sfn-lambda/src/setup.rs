//! What a process sets up before its first invocation, and takes down after its last: the state that invocations share.
//! Separate because only the state of the task that is served is built, and a failure to build it is told to Lambda.

use crate::shutdown;
use sfn_core::{StateSpec, Surroundings, TaskSpec};
use std::any::{Any, TypeId};
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// The states of a program, each with how it is built and how it is closed: what [`main!`](crate::main) makes of
/// `state = ..` and `shutdown = ..`.
///
/// ```
/// use sfn_lambda::Setup;
/// use std::sync::Arc;
///
/// struct Pool;
///
/// async fn connect() -> Result<Pool, std::io::Error> {
///     Ok(Pool)
/// }
///
/// async fn close(pool: Arc<Pool>) {
///     drop(pool);
/// }
///
/// let setup = Setup::new().state(connect).shutdown(close);
/// ```
#[derive(Default)]
pub struct Setup {
    inits: Vec<(TypeId, Init)>,
    closes: Vec<(TypeId, Close)>,
}

type Boxed<T> = Pin<Box<dyn Future<Output = Result<T, Box<dyn Error + Send + Sync>>>>>;
type Shared = Arc<dyn Any + Send + Sync>;
type Init = Box<dyn FnOnce() -> Boxed<(Surroundings, Shared)>>;
type Close = Box<dyn FnOnce(Shared) -> Boxed<()>>;

impl Setup {
    /// Of a program whose tasks share nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with a state that an async function builds.
    pub fn state<S, E, F>(mut self, init: impl FnOnce() -> F + 'static) -> Self
    where
        S: Any + Send + Sync,
        E: Into<Box<dyn Error + Send + Sync>>,
        F: Future<Output = Result<S, E>>,
    {
        let init = || -> Boxed<(Surroundings, Shared)> {
            Box::pin(async {
                let state = Arc::new(init().await.map_err(Into::into)?);
                let shared: Shared = Arc::clone(&state) as Shared;
                Ok((Surroundings::default().with_state(state), shared))
            })
        };
        self.inits.push((TypeId::of::<S>(), Box::new(init)));
        self
    }

    /// The same, with what closes a state of this type before Lambda ends the process, for which it has half a second.
    ///
    /// A function hears of that only with an extension, so one that does nothing is registered.
    pub fn shutdown<S, F>(mut self, close: impl FnOnce(Arc<S>) -> F + Send + 'static) -> Self
    where
        S: Any + Send + Sync,
        F: Future<Output = ()> + Send + 'static,
    {
        let close = |shared: Shared| -> Boxed<()> {
            Box::pin(async {
                let Ok(state) = shared.downcast::<S>() else { return Ok(()) };
                shutdown::before(async move { close(state).await }).await
            })
        };
        self.closes.push((TypeId::of::<S>(), Box::new(close)));
        self
    }

    /// Builds what surrounds every invocation of a task.
    pub(crate) async fn build(self, task: &TaskSpec) -> Result<Surroundings, SetupError> {
        let Some(StateSpec { name, id }) = task.state else { return Ok(Surroundings::default()) };
        let (id, task, state) = (id(), task.name, name());
        let init = self.inits.into_iter().find(|(built, _)| *built == id);
        let (_, init) = init.ok_or(SetupError::Missing { task, state })?;
        let (surroundings, shared) =
            init().await.map_err(|reason| SetupError::Unbuilt { task, state, reason })?;
        if let Some((_, close)) = self.closes.into_iter().find(|(closed, _)| *closed == id) {
            close(shared).await.map_err(|reason| SetupError::Unheard { state, reason })?;
        }
        Ok(surroundings)
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inits, closes } = self;
        formatter
            .debug_struct("Setup")
            .field("states", &inits.len())
            .field("shutdowns", &closes.len())
            .finish()
    }
}

/// Why a task has no state.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error(
        "task `{task}` needs the state `{state}`, which nothing builds: write `sfn::lambda::main!(.., state = init)`, where \
         `init` is an `async fn() -> Result<{state}, Error>`"
    )]
    Missing { task: &'static str, state: &'static str },
    #[error("the state `{state}` of task `{task}` cannot be built: {reason}")]
    Unbuilt { task: &'static str, state: &'static str, reason: Box<dyn Error + Send + Sync> },
    #[error("Lambda would not tell when the state `{state}` is to be closed: {reason}")]
    Unheard { state: &'static str, reason: Box<dyn Error + Send + Sync> },
}
