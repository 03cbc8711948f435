//! What surrounds the run of a handler and is no part of its payload: shared state, the request, its deadline.
//! Separate because it reaches the handler by the way of the future, past the workflow that knows nothing of it.

use std::any::{Any, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Task, TaskSpec};
use crate::error::name;
use crate::{Failed, IdempotencyStore, MemoryIdempotencyStore};

tokio::task_local! {
    static SURROUNDINGS: Surroundings;
}

/// What surrounds the run of a handler.
#[derive(Clone, Default)]
pub struct Surroundings {
    states: Vec<Arc<dyn Any + Send + Sync>>,
    /// The id of the request that the handler answers.
    pub request_id: Option<Arc<str>>,
    /// X-Ray's header of the request.
    pub trace_id: Option<Arc<str>>,
    /// When the answer comes too late.
    pub deadline: Option<Instant>,
    /// What keeps the results of idempotent tasks; without it each of their calls is the first.
    pub idempotency_store: Option<Arc<dyn IdempotencyStore>>,
    /// What keeps the values that do not travel; without it all of them do.
    #[cfg(feature = "stored")]
    pub value_store: Option<Arc<dyn crate::ValueStore>>,
}

impl Surroundings {
    /// What surrounds whoever asks.
    pub fn current() -> Self {
        SURROUNDINGS.try_with(Self::clone).unwrap_or_default()
    }

    /// The same with a state, in place of any other of its type.
    pub fn with_state<S: Any + Send + Sync>(mut self, state: Arc<S>) -> Self {
        self.states.retain(|other| !(**other).is::<S>());
        self.states.push(state);
        self
    }

    /// The same, with what keeps the results of idempotent tasks, in place of any other.
    pub fn with_idempotency_store(self, store: Arc<dyn IdempotencyStore>) -> Self {
        Self { idempotency_store: Some(store), ..self }
    }

    /// The same, with a store in memory if there is none.
    pub fn with_any_idempotency_store(self) -> Self {
        match self.idempotency_store {
            Some(_) => self,
            None => self.with_idempotency_store(Arc::new(MemoryIdempotencyStore::new())),
        }
    }

    /// The same, with what keeps the values that do not travel, in place of any other.
    #[cfg(feature = "stored")]
    pub fn with_value_store(self, store: Arc<dyn crate::ValueStore>) -> Self {
        Self { value_store: Some(store), ..self }
    }

    /// The same, with a deadline so far from now, unless an earlier one is set.
    pub fn within(mut self, limit: Option<Duration>) -> Self {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        self.deadline = [self.deadline, deadline].into_iter().flatten().min();
        self
    }

    /// Runs a future within.
    pub async fn around<F: Future>(self, run: F) -> F::Output {
        SURROUNDINGS.scope(self, run).await
    }

    fn state<S: Any>(&self) -> Option<Provided<S>> {
        let state = self.states.iter().find(|state| (***state).is::<S>())?;
        Some(Provided(Arc::clone(state), PhantomData))
    }
}

/// Runs tasks or a workflow in this process, with a state for the tasks that ask for it.
///
/// On Lambda `sfn::lambda::main!` builds the state, once per process. A test gives its own:
///
/// ```
/// # use sfn_core::{Surroundings, with_state};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// struct Prices(u32);
/// # async fn order_saga() -> u32 { 5 }
///
/// let total = with_state(Prices(5), order_saga()).await;
/// assert_eq!(total, 5);
/// # }
/// ```
pub async fn with_state<S: Any + Send + Sync, F: IntoFuture>(state: S, run: F) -> F::Output {
    let run = run.into_future();
    Surroundings::current().with_state(Arc::new(state)).around(run).await
}

/// A task that asks for a state.
pub trait Stateful: Task {
    /// What all invocations of a process share.
    ///
    /// That threads can share it is asked where one is provided; here the handler's own future says so, and once is enough.
    type State: Any;
}

/// The state of a task, for as long as its handler runs.
pub struct Provided<S>(Arc<dyn Any + Send + Sync>, PhantomData<fn() -> S>);

impl<S: Any> Provided<S> {
    /// The state itself.
    #[expect(
        clippy::missing_panics_doc,
        reason = "only `Surroundings::state` makes one, and it looks at the type"
    )]
    pub fn get(&self) -> &S {
        self.0.downcast_ref().expect("a `Provided<S>` holds an `S`")
    }
}

/// The state that a task asks for.
///
/// # Errors
///
/// `Task.StateMissing` where nobody provides it.
pub fn state<T: Stateful>() -> Result<Provided<T::State>, Failed> {
    let state = SURROUNDINGS.try_with(Surroundings::state).ok().flatten();
    state.ok_or_else(|| state_missing(&T::SPEC, type_name::<T::State>()))
}

fn state_missing(spec: &TaskSpec, state: &str) -> Failed {
    let message = format!(
        "task `{}` needs the state `{state}`, which nothing provides: run it within `sfn::with_state(..)`, or let \
         `sfn::lambda::main!(.., state = init)` build it",
        spec.name,
    );
    Failed::of_task(name::STATE_MISSING, &message)
}

impl<S> fmt::Debug for Provided<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Provided").field(&type_name::<S>()).finish()
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { states, request_id, trace_id, deadline, idempotency_store, .. } = self;
        formatter
            .debug_struct("Surroundings")
            .field("states", &states.len())
            .field("request_id", request_id)
            .field("trace_id", trace_id)
            .field("deadline", deadline)
            .field("has_idempotency_store", &idempotency_store.is_some())
            .finish_non_exhaustive()
    }
}
