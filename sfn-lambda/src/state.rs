//! What the invocations of a process share, built before the first. Separate because only the state of the task that is
//! served is built, and a failure to build it is told to Lambda.

use sfn_core::{StateSpec, Surroundings, TaskSpec};
use std::any::{Any, TypeId};
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// How a state is built: `state = init` of [`main!`](crate::main).
pub struct StateInit {
    id: TypeId,
    build: Box<dyn FnOnce(Surroundings) -> Building>,
}

type Building = Pin<Box<dyn Future<Output = Result<Surroundings, Box<dyn Error + Send + Sync>>>>>;

impl StateInit {
    /// A state that an async function builds.
    pub fn new<S, E, F>(init: impl FnOnce() -> F + 'static) -> Self
    where
        S: Any + Send + Sync,
        E: Into<Box<dyn Error + Send + Sync>>,
        F: Future<Output = Result<S, E>>,
    {
        let build = |surroundings: Surroundings| -> Building {
            Box::pin(async move {
                let state = init().await.map_err(Into::into)?;
                Ok(surroundings.with_state(Arc::new(state)))
            })
        };
        Self { id: TypeId::of::<S>(), build: Box::new(build) }
    }
}

impl fmt::Debug for StateInit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("StateInit").field(&self.id).finish()
    }
}

/// Why a task has no state.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    #[error(
        "task `{task}` needs the state `{state}`, which nothing builds: write `sfn::lambda::main!(.., state = init)`, where \
         `init` is an `async fn() -> Result<{state}, Error>`"
    )]
    Missing { task: &'static str, state: &'static str },
    #[error("the state `{state}` of task `{task}` cannot be built: {reason}")]
    Failed { task: &'static str, state: &'static str, reason: Box<dyn Error + Send + Sync> },
}

/// What surrounds every invocation of a task.
pub(crate) async fn build(task: &TaskSpec, states: Vec<StateInit>) -> Result<Surroundings, StateError> {
    let none = Surroundings::default();
    let Some(StateSpec { name, id }) = task.state else { return Ok(none) };
    let (task, state) = (task.name, name());
    let init = states.into_iter().find(|init| init.id == id());
    let StateInit { build, .. } = init.ok_or(StateError::Missing { task, state })?;
    build(none).await.map_err(|reason| StateError::Failed { task, state, reason })
}
