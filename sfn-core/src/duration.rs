//! Durations as a workflow says them: `secs(30)`, `mins(5)`, `hours(2)`, `days(3)`.
//! Separate because both the native run and the builder take them, and the standard library counts only in seconds.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// So many seconds.
///
/// ```
/// assert_eq!(sfn_core::secs(30).as_secs(), 30);
/// ```
pub const fn secs(count: u32) -> Duration {
    Duration::from_secs(count as u64)
}

/// So many minutes.
///
/// ```
/// assert_eq!(sfn_core::mins(5), sfn_core::secs(300));
/// ```
pub const fn mins(count: u32) -> Duration {
    Duration::from_secs(count as u64 * MINUTE)
}

/// So many hours.
///
/// ```
/// assert_eq!(sfn_core::hours(2), sfn_core::mins(120));
/// ```
pub const fn hours(count: u32) -> Duration {
    Duration::from_secs(count as u64 * HOUR)
}

/// So many days of 24 hours.
///
/// ```
/// assert_eq!(sfn_core::days(3), sfn_core::hours(72));
/// ```
pub const fn days(count: u32) -> Duration {
    Duration::from_secs(count as u64 * DAY)
}
