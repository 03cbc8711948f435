//! The end of an execution: announced by the actor, waited for by whoever holds the execution.
//! Separate because very many executions wait at once and almost nobody waits for them: until somebody does, an end that
//! has not come takes a few words.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;

use super::actor::Running;
use super::handle::Outcome;

/// Where an execution's outcome is, or will be. Clones see the same.
#[derive(Clone)]
pub(super) struct Ending {
    shared: Arc<Shared>,
}

/// Who knows of the end first. An execution that is dropped without one is lost.
pub(super) struct Announcer {
    /// Weak, since what remains of an execution is kept where its outcome is.
    shared: Weak<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    told: Notify,
}

#[derive(Default)]
struct State {
    outcome: Option<Arc<Outcome>>,
    /// The execution, if it ended badly and may be redriven.
    remains: Option<Box<Running>>,
    is_lost: bool,
}

impl Ending {
    /// An end that has not come, and who will announce it.
    pub(super) fn awaited() -> (Self, Announcer) {
        let shared = Arc::default();
        let announcer = Announcer { shared: Arc::downgrade(&shared) };
        (Self { shared }, announcer)
    }

    /// An end that has come.
    pub(super) fn of(outcome: Arc<Outcome>) -> Self {
        let state = Mutex::new(State { outcome: Some(outcome), ..State::default() });
        Self { shared: Arc::new(Shared { state, told: Notify::new() }) }
    }

    pub(super) fn outcome(&self) -> Option<Arc<Outcome>> {
        self.shared.state().outcome.clone()
    }

    /// Waits for the end; there is none if the execution is lost.
    pub(super) async fn wait(&self) -> Option<Arc<Outcome>> {
        loop {
            // Asked for before looking, so that nothing is announced in between unheard.
            let told = self.shared.told.notified();
            {
                let state = self.shared.state();
                if state.outcome.is_some() || state.is_lost {
                    return state.outcome.clone();
                }
            }
            told.await;
        }
    }

    /// Takes the execution that may be redriven; whoever looks sees it running from now on.
    pub(super) fn rise(&self) -> Option<Box<Running>> {
        let mut running = self.shared.state().remains.take()?;
        running.rise();
        Some(running)
    }

    /// The end was another one than what has just been announced, and there is nothing to go on from.
    pub(super) fn correct(&self, outcome: Arc<Outcome>) {
        let mut state = self.shared.state();
        let remains = state.remains.take();
        state.outcome = Some(outcome);
        drop(state);
        // It announces that it is lost, for which the state must be free.
        drop(remains);
    }
}

impl Announcer {
    /// Where others look, if anybody does.
    pub(super) fn ending(&self) -> Option<Ending> {
        self.shared.upgrade().map(|shared| Ending { shared })
    }

    /// The end has come.
    pub(super) fn announce(&self, outcome: Arc<Outcome>) {
        if let Some(shared) = self.shared.upgrade() {
            shared.state().outcome = Some(outcome);
            shared.told.notify_waiters();
        }
    }

    /// The end is none any more; gives what it was.
    pub(super) fn revoke(&self) -> Option<Arc<Outcome>> {
        self.shared.upgrade()?.state().outcome.take()
    }
}

/// An execution has ended badly: it is kept where its outcome is. Whoever hears of the one finds the other.
pub(super) fn keep(running: Box<Running>, outcome: Arc<Outcome>) {
    if let Some(ending) = running.announcer.ending() {
        {
            let mut state = ending.shared.state();
            (state.outcome, state.remains) = (Some(outcome), Some(running));
        }
        ending.shared.told.notify_waiters();
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.state().is_lost = true;
            shared.told.notify_waiters();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
