//! What a process sets up before its first task and takes down after its last: the states that tasks share.
//! Separate because a Lambda function and a worker do it alike, and each only for the tasks that it serves.

use std::any::{Any, TypeId};
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::{StateSpec, Surroundings, TaskSpec};

/// The states of a program, each with how it is built and how it is closed: what `state = ..` and `shutdown = ..` of a
/// program's `main!` say.
///
/// ```
/// use std::sync::Arc;
///
/// use sfn_core::Setup;
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

/// What closes a state.
pub type Closing = Pin<Box<dyn Future<Output = ()> + Send>>;

type Shared = Arc<dyn Any + Send + Sync>;
type Refusal = Box<dyn Error + Send + Sync>;
type Init = Box<dyn FnOnce(Surroundings) -> Building>;
type Building = Pin<Box<dyn Future<Output = Result<(Surroundings, Shared), Refusal>>>>;
type Close = Box<dyn FnOnce(Shared) -> Option<Closing>>;

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
        let init = |surroundings: Surroundings| -> Building {
            Box::pin(async {
                let state = Arc::new(init().await.map_err(Into::into)?);
                let shared: Shared = Arc::clone(&state) as Shared;
                Ok((surroundings.with_state(state), shared))
            })
        };
        self.inits.push((TypeId::of::<S>(), Box::new(init)));
        self
    }

    /// The same, with what closes a state of this type before the process ends.
    pub fn shutdown<S, F>(mut self, close: impl FnOnce(Arc<S>) -> F + 'static) -> Self
    where
        S: Any + Send + Sync,
        F: Future<Output = ()> + Send + 'static,
    {
        let close = |shared: Shared| shared.downcast().ok().map(|state| Box::pin(close(state)) as Closing);
        self.closes.push((TypeId::of::<S>(), Box::new(close)));
        self
    }

    /// Builds what surrounds every run of these tasks; gives it with what is to be awaited before the process ends.
    ///
    /// # Errors
    ///
    /// See [`SetupError`].
    pub async fn build(mut self, tasks: &[&TaskSpec]) -> Result<(Surroundings, Vec<Closing>), SetupError> {
        let (mut surroundings, mut closings, mut built) = (Surroundings::default(), Vec::new(), Vec::new());
        for (task, StateSpec { name, id }) in tasks.iter().filter_map(|task| Some((task.name, task.state?))) {
            let (id, state) = (id(), name());
            if built.contains(&id) {
                continue;
            }
            let init = take(&mut self.inits, id).ok_or(SetupError::Missing { task, state })?;
            let (with_state, shared) =
                init(surroundings).await.map_err(|reason| SetupError::Unbuilt { task, state, reason })?;
            surroundings = with_state;
            closings.extend(take(&mut self.closes, id).and_then(|close| close(shared)));
            built.push(id);
        }
        Ok((surroundings, closings))
    }
}

fn take<T>(of: &mut Vec<(TypeId, T)>, wanted: TypeId) -> Option<T> {
    let at = of.iter().position(|(id, _)| *id == wanted)?;
    Some(of.remove(at).1)
}

/// Why a task has no state.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Nothing builds it.
    #[error(
        "task `{task}` needs the state `{state}`, which nothing builds: write `main!(.., state = init)`, where `init` is an \
         `async fn() -> Result<{state}, Error>`"
    )]
    Missing {
        /// The task.
        task: &'static str,
        /// The type of the state.
        state: &'static str,
    },
    /// Its function gave an error.
    #[error("the state `{state}` of task `{task}` cannot be built: {reason}")]
    Unbuilt {
        /// The task.
        task: &'static str,
        /// The type of the state.
        state: &'static str,
        /// The error.
        reason: Box<dyn Error + Send + Sync>,
    },
}

impl fmt::Debug for Setup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inits, closes } = self;
        let mut setup = formatter.debug_struct("Setup");
        setup.field("states", &inits.len()).field("shutdowns", &closes.len()).finish()
    }
}

/// The `main` function of a program that serves tasks: the workflows, the states, and who serves them.
#[doc(hidden)]
#[macro_export]
macro_rules! program {
    ([$serve:path] [$($tasks:expr),*] [$($setup:tt)*]) => {
        fn main() -> ::std::process::ExitCode {
            $serve([$($tasks),*].concat(), $crate::Setup::new()$($setup)*)
        }
    };
    ([$serve:path] [$($tasks:expr),*] [$($setup:tt)*] state = $init:expr $(, $($rest:tt)*)?) => {
        $crate::program!([$serve] [$($tasks),*] [$($setup)* .state($init)] $($($rest)*)?);
    };
    ([$serve:path] [$($tasks:expr),*] [$($setup:tt)*] shutdown = $close:expr $(, $($rest:tt)*)?) => {
        $crate::program!([$serve] [$($tasks),*] [$($setup)* .shutdown($close)] $($($rest)*)?);
    };
    ([$serve:path] [$($before:expr),*] [$($setup:tt)*] $workflow:ty $(, $($rest:tt)*)?) => {
        $crate::program!([$serve] [$($before,)* <$workflow>::tasks()] [$($setup)*] $($($rest)*)?);
    };
}
