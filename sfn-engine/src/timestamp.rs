//! Points in time, in milliseconds, as the engine counts them and as documents write them.
//! Separate because core, driver and history all speak of time and none of them may read a clock.

use std::fmt;
use std::time::Duration;

/// A point in time: milliseconds since the Unix epoch.
///
/// ```
/// use sfn_engine::Timestamp;
///
/// let noon: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
/// assert_eq!(noon.to_string(), "2026-11-22T12:00:00.000Z");
/// assert!("2026-11-22 12:00:00Z".parse::<Timestamp>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point that many milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Seconds since the Unix epoch, as the service's API writes times.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any calendar year fit a double exactly")]
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The point that much later; the end of time when there is no such point.
    ///
    /// ```
    /// use std::time::Duration;
    /// use sfn_engine::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_millis(5).after(Duration::from_secs(1)), Timestamp::from_millis(1_005));
    /// ```
    pub fn after(self, delay: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long from this point until `later`; nothing when that has passed.
    pub fn until(self, later: Self) -> Duration {
        Duration::from_millis(u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0))
    }
}

/// Text that is no ISO-8601 date and time with an offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no timestamp, expected one such as `2026-11-22T12:00:00Z`")]
pub struct ParseTimestampError(String);

impl std::str::FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        instant(text).map(|it| Self(it.as_millisecond())).ok_or_else(|| ParseTimestampError(text.to_owned()))
    }
}

/// The point in time that a text names, as exactly as it names it.
pub(crate) fn instant(text: &str) -> Option<jiff::Timestamp> {
    // The `T` is mandatory on the service; the calendar library would also take a space.
    if text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    text.parse().ok()
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(formatter, "{timestamp:.3}"),
            Err(_) => write!(formatter, "{}", self.0),
        }
    }
}
