//! What happens to an attempt of a task that failed.
//! Separate because tasks and calls both say it, and a Retrier and the native run both read it.

use std::time::Duration;

use super::{Pattern, Repetition, TaskSpec};
use crate::error::name;

/// Whether and how a failed attempt is retried.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Retry {
    /// With the default [`RetryPolicy`]: Lambda's transient errors, and the errors marked `retry`.
    #[default]
    Default,
    /// Never.
    None,
    /// The same errors, with these figures.
    Policy(RetryPolicy),
}

/// The figures of a Retrier.
///
/// ```
/// use sfn_core::{RetryPolicy, mins, secs};
///
/// let policy = RetryPolicy::new().attempts(5).interval(secs(2)).backoff(1.5).max_delay(mins(1)).no_jitter();
/// assert_eq!(policy.delay(0), secs(2));
/// assert_eq!(policy.delay(1), secs(3));
/// assert_eq!(policy.delay(20), mins(1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// How many retries at most (`MaxAttempts`).
    pub attempts: u32,
    /// The delay before the first retry (`IntervalSeconds`).
    pub interval: Duration,
    /// What each further delay is multiplied with (`BackoffRate`).
    pub backoff: f64,
    /// What no delay exceeds (`MaxDelaySeconds`).
    pub max_delay: Option<Duration>,
    /// Whether the service shortens each delay at random (`JitterStrategy`).
    pub jitter: bool,
}

impl RetryPolicy {
    /// Three retries, after 1, 2 and 4 seconds at most, with full jitter.
    pub const fn new() -> Self {
        Self { attempts: 3, interval: Duration::from_secs(1), backoff: 2.0, max_delay: None, jitter: true }
    }

    /// So many retries at most.
    pub const fn attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// So long before the first retry.
    pub const fn interval(self, interval: Duration) -> Self {
        Self { interval, ..self }
    }

    /// So many times longer before each further retry.
    pub const fn backoff(self, backoff: f64) -> Self {
        Self { backoff, ..self }
    }

    /// Never longer than this before a retry.
    pub const fn max_delay(self, max_delay: Duration) -> Self {
        Self { max_delay: Some(max_delay), ..self }
    }

    /// Exactly these delays.
    pub const fn no_jitter(self) -> Self {
        Self { jitter: false, ..self }
    }

    /// The delay before a retry, the first of which is number 0, without jitter.
    pub fn delay(&self, retry: u32) -> Duration {
        let factor = self.backoff.powf(f64::from(retry));
        let delay =
            Duration::try_from_secs_f64(self.interval.as_secs_f64() * factor).unwrap_or(Duration::MAX);
        self.max_delay.map_or(delay, |limit| delay.min(limit))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl Retry {
    /// The figures, unless nothing is retried.
    pub const fn policy(self) -> Option<RetryPolicy> {
        match self {
            Self::Default => Some(RetryPolicy::new()),
            Self::None => None,
            Self::Policy(policy) => Some(policy),
        }
    }
}

impl From<RetryPolicy> for Retry {
    fn from(policy: RetryPolicy) -> Self {
        Self::Policy(policy)
    }
}

/// Lambda's errors that go away by themselves, as the service's documentation advises to retry them.
const TRANSIENT: [&str; 4] = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
];

/// Some errors, and how they are retried.
#[derive(Debug)]
pub(crate) struct Retrier {
    pub(crate) errors: Vec<&'static str>,
    pub(crate) policy: RetryPolicy,
}

impl Retrier {
    /// Whether it retries an error of that name.
    pub(crate) fn takes(&self, error: &str) -> bool {
        let is_failed = |wanted: &str| wanted == name::TASK_FAILED && !error.starts_with("States.");
        self.errors.iter().any(|wanted| *wanted == error || is_failed(wanted))
    }
}

impl TaskSpec {
    /// What is retried of a call with this policy, each error by one of them.
    pub(crate) fn retriers(&self, policy: RetryPolicy) -> Vec<Retrier> {
        let transient = match (&self.integration, self.pattern) {
            (Some(service), _) => service.transient,
            (None, Pattern::Activity) => &[name::TASK_STOPPED],
            (None, _) => &TRANSIENT,
        };
        let marked = self.errors.iter().filter(|error| error.retry).map(|error| error.name);
        // Before it is fetched nothing has happened.
        let fetched = self.takes_stored().then_some(name::PAYLOAD_UNREACHABLE);
        let mut errors: Vec<_> = transient.iter().copied().chain(fetched).chain(marked).collect();
        let mut awaiting = None;
        if let Repetition::Replays(_) = self.repetition {
            errors.push(name::STORE_UNAVAILABLE);
            awaiting = Some(Retrier { errors: vec![name::IN_PROGRESS], policy: self.awaiting_release() });
        }
        let main = (!errors.is_empty()).then_some(Retrier { errors, policy });
        main.into_iter().chain(awaiting).collect()
    }

    /// Long enough for any claim to end, also one whose holder died: then the next attempt does the work.
    fn awaiting_release(&self) -> RetryPolicy {
        /// The longest run of a function; a claim ends with its holder's function, a second after the State's own timeout.
        const LONGEST: Duration = Duration::from_mins(15);
        let timeout = self.timeout.map(|timeout| timeout.saturating_add(Duration::from_secs(1)));
        let longest = match self.pattern {
            Pattern::Activity => timeout.unwrap_or(LONGEST),
            _ => timeout.map_or(LONGEST, |timeout| timeout.min(LONGEST)),
        };
        let most = Duration::from_secs((longest.as_secs() / 15).max(8));
        let policy = RetryPolicy::new().max_delay(most).no_jitter();
        let (mut attempts, mut waited) = (0, Duration::ZERO);
        while waited < longest {
            waited = waited.saturating_add(policy.delay(attempts));
            attempts += 1;
        }
        policy.attempts(attempts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idempotency::{Idempotency, KeySource};
    use crate::{Failed, Origin, Task};
    use serde_json::Value;
    use std::convert::Infallible;

    struct Nothing;

    impl Task for Nothing {
        type Output = ();
        type Error = Infallible;

        const SPEC: TaskSpec = TaskSpec {
            repetition: Repetition::Replays(Idempotency {
                key: KeySource::Visit,
                remember: Idempotency::REMEMBERED,
            }),
            ..TaskSpec::new::<Self>("nothing", Origin::new("a.rs", 1, 1))
        };

        async fn run(_: Value) -> Result<Value, Failed> {
            Ok(Value::Null)
        }
    }

    #[test]
    fn an_invocation_in_progress_is_waited_for_as_long_as_it_can_take() {
        for timeout in [Some(1), Some(30), Some(900), Some(86_400), None] {
            let spec = TaskSpec { timeout: timeout.map(Duration::from_secs), ..Nothing::SPEC };
            let retriers = spec.retriers(RetryPolicy::new());
            let [main, awaiting] = retriers.as_slice() else { panic!("{retriers:?}") };
            assert!(main.takes("Task.StoreUnavailable") && !main.takes("Task.InProgress"));
            assert!(awaiting.takes("Task.InProgress"));
            let delays = (0..awaiting.policy.attempts).map(|retry| awaiting.policy.delay(retry).as_secs());
            let (waited, needed) =
                (delays.sum::<u64>(), timeout.map_or(900, |timeout| (timeout + 1).min(900)));
            assert!(waited >= needed && waited < needed + 61, "{waited} for {needed}");
        }
    }
}
