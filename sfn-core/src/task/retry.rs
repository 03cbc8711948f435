//! What happens to an attempt of a task that failed.
//! Separate because tasks and calls both say it, and a Retrier and the native run both read it.

use std::time::Duration;

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
