//! A Retrier: which failures it is for, how often, and how long to wait before each retry.
//! Separate because the arithmetic of backoff and jitter is wanted, and tested, on its own.

use std::sync::Arc;
use std::time::Duration;

use sfn_asl::{JitterStrategy, Retrier};

use super::Random;

/// A Retrier with its defaults filled in.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) error_equals: Vec<Arc<str>>,
    pub(super) max_attempts: u32,
    interval: f64,
    backoff: f64,
    max_delay: Option<f64>,
    jitter: JitterStrategy,
}

impl Policy {
    #[expect(clippy::cast_precision_loss, reason = "delays are seconds, far below 2^53")]
    pub(super) fn new(retrier: &Retrier) -> Self {
        Self {
            error_equals: retrier.error_equals.iter().map(|name| name.as_str().into()).collect(),
            max_attempts: u32::try_from(retrier.max_attempts.unwrap_or(3).max(0)).unwrap_or(u32::MAX),
            interval: retrier.interval_seconds.unwrap_or(1) as f64,
            backoff: retrier.backoff_rate.unwrap_or(2.0),
            max_delay: retrier.max_delay_seconds.map(|seconds| seconds as f64),
            jitter: retrier.jitter_strategy.unwrap_or_default(),
        }
    }

    /// How long to wait before the retry that follows `retried` earlier ones.
    pub(super) fn delay(&self, retried: u32, random: &mut Random) -> Duration {
        let grown = self.interval * self.backoff.powf(f64::from(retried));
        let seconds = self.max_delay.map_or(grown, |limit| grown.min(limit)).clamp(0.0, LONGEST);
        let delay = Duration::from_secs_f64(seconds);
        match self.jitter {
            JitterStrategy::None => delay,
            JitterStrategy::Full => {
                Duration::from_millis(random.up_to(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)))
            }
        }
    }
}

/// No wait is longer than the year that an execution may take.
const LONGEST: f64 = 31_536_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(retrier: &Retrier) -> Vec<u128> {
        let (policy, mut random) = (Policy::new(retrier), Random::seeded(1));
        (0..4).map(|retried| policy.delay(retried, &mut random).as_millis()).collect()
    }

    #[test]
    fn the_interval_doubles_by_default() {
        assert_eq!(delays(&Retrier::default()), [1_000, 2_000, 4_000, 8_000]);
    }

    #[test]
    fn the_interval_grows_by_the_rate_up_to_the_limit() {
        let retrier = Retrier {
            interval_seconds: Some(2),
            backoff_rate: Some(1.5),
            max_delay_seconds: Some(4),
            ..Retrier::default()
        };
        assert_eq!(delays(&retrier), [2_000, 3_000, 4_000, 4_000]);
    }

    #[test]
    fn full_jitter_stays_below_the_interval_and_varies() {
        let retrier = Retrier { jitter_strategy: Some(JitterStrategy::Full), ..Retrier::default() };
        let drawn = delays(&retrier);
        assert!(drawn.iter().zip([1_000, 2_000, 4_000, 8_000]).all(|(delay, limit)| *delay <= limit));
        assert_ne!(drawn, [1_000, 2_000, 4_000, 8_000]);
    }
}
