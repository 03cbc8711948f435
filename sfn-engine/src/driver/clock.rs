//! Where the time comes from: the wall, or a clock that jumps to wherever something is due.
//! Separate because it is the one thing that makes a three-day wait take three days, or no time at all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::Timestamp;

/// A source of time for a driver.
pub trait Clock: Send + Sync + 'static {
    /// What time it is.
    fn now(&self) -> Timestamp;

    /// Waits until `at`. `pending` says what else could happen before; a clock that can jump must not jump over it.
    fn sleep_until(&self, at: Timestamp, pending: Pending) -> BoxFuture<'_, ()>;
}

/// What may still happen without any time passing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pending {
    /// Nothing: all that is left is timers.
    Nothing,
    /// Somebody may come with a Task Token.
    Tokens,
    /// A task runner is at work.
    Tasks,
    /// An execution is at work.
    Executions,
}

/// The time on the wall.
#[derive(Debug, Clone, Copy)]
pub struct RealClock {
    origin: Instant,
    origin_time: Timestamp,
}

impl RealClock {
    /// A clock that follows the system's from here on, and never runs backwards.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    pub fn new() -> Self {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self { origin: Instant::now(), origin_time: Timestamp::default().after(since_epoch) }
    }
}

impl Default for RealClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        self.origin_time.after(self.origin.elapsed())
    }

    fn sleep_until(&self, at: Timestamp, _: Pending) -> BoxFuture<'_, ()> {
        // A timer has a resolution of a millisecond, and waking too early would only mean to sleep again.
        tokio::time::sleep(self.now().until(at)).boxed()
    }
}

/// A clock that jumps to the next timer as soon as nothing else is left to happen.
///
/// While a task runner is at work it stands still, unless it was made [`scripted`](Self::scripted). While somebody may
/// still come with a Task Token it stands still too, unless it was made [`unattended`](Self::unattended).
/// [`advance`](Self::advance) moves it on by hand.
///
/// ```
/// use std::time::Duration;
/// use sfn_engine::Timestamp;
/// use sfn_engine::driver::{Clock, VirtualClock};
///
/// let clock = VirtualClock::at_epoch();
/// assert_eq!(clock.now(), Timestamp::from_millis(0));
/// clock.advance(Duration::from_secs(1));
/// assert_eq!(clock.now(), Timestamp::from_millis(1_000));
/// ```
#[derive(Debug, Clone)]
pub struct VirtualClock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    hands: Mutex<Hands>,
    moved: Notify,
    /// The most that may be pending for the clock to jump.
    jumps_over: Pending,
}

#[derive(Debug, Clone, Copy)]
struct Hands {
    now: Timestamp,
    /// How far the clock was told to go. Timers on the way still fire one by one, each at its own time.
    told: Timestamp,
}

impl VirtualClock {
    /// A clock that starts at the Unix epoch.
    pub fn at_epoch() -> Self {
        Self::starting(Timestamp::default())
    }

    /// A clock that starts at that time.
    pub fn starting(start: Timestamp) -> Self {
        Self::new(start, Pending::Nothing)
    }

    /// A clock for runs in which nobody outside will ever come with a Task Token: it jumps on to their timeouts.
    pub fn unattended(start: Timestamp) -> Self {
        Self::new(start, Pending::Tokens)
    }

    /// A clock for runs whose tasks answer at once or never, as mocks do: it jumps on to the timeouts of those that
    /// do not answer.
    pub fn scripted(start: Timestamp) -> Self {
        Self::new(start, Pending::Tasks)
    }

    fn new(start: Timestamp, jumps_over: Pending) -> Self {
        let hands = Mutex::new(Hands { now: start, told: start });
        Self { shared: Arc::new(Shared { hands, moved: Notify::new(), jumps_over }) }
    }

    /// Moves the clock on. Timers on the way fire in order, each at its own time.
    pub fn advance(&self, by: Duration) {
        {
            let mut hands = self.hands();
            hands.told = hands.told.max(hands.now).after(by);
        }
        self.shared.moved.notify_waiters();
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.shared.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes to `at` if it may; else as far as it was told.
    fn go(&self, at: Timestamp, pending: Pending) -> bool {
        let mut hands = self.hands();
        let reached = pending <= self.shared.jumps_over || at <= hands.told;
        let target = if reached { at } else { hands.told };
        hands.now = hands.now.max(target);
        reached
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let hands = self.hands();
        hands.now.max(hands.told)
    }

    fn sleep_until(&self, at: Timestamp, pending: Pending) -> BoxFuture<'_, ()> {
        async move {
            // What has just been said to the driver comes before what time brings.
            tokio::task::yield_now().await;
            loop {
                let mut moved = std::pin::pin!(self.shared.moved.notified());
                moved.as_mut().enable();
                if self.go(at, pending) {
                    return;
                }
                moved.await;
            }
        }
        .boxed()
    }
}
