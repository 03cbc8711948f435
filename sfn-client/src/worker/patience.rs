//! How long to wait before trying again what failed. Separate because asking and reporting wait alike.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// Waits longer each time, up to a minute, and never as long as others do.
#[derive(Debug, Default)]
pub(super) struct Patience {
    failed: u32,
}

const LONGEST: Duration = Duration::from_mins(1);

impl Patience {
    /// Waits once more.
    pub(super) async fn wait(&mut self) {
        tokio::time::sleep(self.next(fraction())).await;
    }

    /// Between half of the time and all of it.
    fn next(&mut self, fraction: f64) -> Duration {
        let whole = LONGEST.min(Duration::from_secs(1) * 2_u32.saturating_pow(self.failed));
        self.failed += 1;
        whole.mul_f64(0.5 + fraction / 2.0)
    }
}

/// Something between 0 and 1 that no two workers have in common.
fn fraction() -> f64 {
    let [a, b, ..] = RandomState::new().hash_one(0).to_be_bytes();
    f64::from(u16::from_be_bytes([a, b])) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_minute() {
        let mut patience = Patience::default();
        let delays: Vec<_> = std::iter::repeat_with(|| patience.next(1.0).as_secs()).take(9).collect();
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(Patience::default().next(0.0), Duration::from_millis(500));
        assert!((0.0..=1.0).contains(&fraction()));
    }
}
