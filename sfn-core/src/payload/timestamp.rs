//! A moment of time, as the service writes it: text in RFC 3339, to the millisecond.
//! Separate because it is a payload whose comparisons and sums a workflow can say, which no text has.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sfn_jsonata::{read_timestamp, write_timestamp};

use crate::{AnyVal, Payload, Shape};

/// A moment of time: what [`now`](crate::now) and [`Execution::start_time`](crate::Execution::start_time) give.
///
/// It travels as the text that the service has for it, `2026-01-31T12:00:00.000Z`, and reads every offset. Moments are
/// compared as moments, whatever their texts. What JSONata can do with one a workflow can: compare, add seconds, count
/// the seconds between two.
///
/// ```
/// use sfn_core::Timestamp;
///
/// let begun: Timestamp = "2026-01-31T12:00:00+01:00".parse()?;
/// let over = begun.plus_secs(90);
/// assert_eq!(over.to_string(), "2026-01-31T11:01:30.000Z");
/// assert!(over > begun);
/// assert_eq!(over.secs_since(&begun), 90);
/// # Ok::<(), sfn_core::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is no timestamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no timestamp, expected one in RFC 3339 such as `2026-01-31T12:00:00Z`")]
pub struct TimestampError(String);

/// The milliseconds of years of four digits, which is what the text has room for.
const LEAST: i64 = -62_167_219_200_000;
const MOST: i64 = 253_402_300_799_999;

impl Timestamp {
    /// A number of milliseconds since the Unix epoch, held within the years 0 to 9999.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(LEAST, MOST))
    }

    /// The milliseconds since the Unix epoch.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// This many seconds later. In a workflow: `$fromMillis($toMillis(..) + ..)`.
    #[must_use]
    pub fn plus_secs(self, seconds: u32) -> Self {
        Self::from_millis(self.0 + i64::from(seconds) * 1000)
    }

    /// The whole seconds since an earlier moment; none since a later one. 136 years is what it counts up to.
    pub fn secs_since(self, earlier: &Self) -> u32 {
        u32::try_from(((self.0 - earlier.0) / 1000).max(0)).unwrap_or(u32::MAX)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&write_timestamp(self.0))
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        read_timestamp(text).map(Self::from_millis).ok_or_else(|| TimestampError(text.to_owned()))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(MOST);
        Self::from_millis(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => millis(since),
            Err(before) => -millis(before.duration()),
        })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Payload for Timestamp {
    type Fields = ();

    fn shape() -> Shape {
        Shape::Timestamp
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}
