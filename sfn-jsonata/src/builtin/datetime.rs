//! Date and time: `$now`, `$millis`, `$toMillis`, `$fromMillis`.
//! Separate because pictures, calendar arithmetic, writing and reading each take a file of their own.

mod calendar;
mod format;
mod iso;
mod picture;
mod read;

use super::Arguments;
use crate::error::{Fault, fault};
use crate::evaluate::{Evaluator, Outcome};
use crate::value::Value;
use picture::Picture;

/// A time in milliseconds since the Unix epoch, as `$now` and `$fromMillis` write it.
///
/// ```
/// assert_eq!(sfn_jsonata::write_timestamp(1_500_000_000_007), "2017-07-14T02:40:00.007Z");
/// ```
pub fn write_timestamp(millis: i64) -> String {
    let moment = calendar::Moment::new(millis);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        moment.year,
        moment.month + 1,
        moment.day,
        moment.hour(),
        moment.minute(),
        moment.second(),
        moment.millisecond(),
    )
}

/// The milliseconds since the Unix epoch of a timestamp, as `$toMillis` reads it.
///
/// ```
/// assert_eq!(sfn_jsonata::read_timestamp("2017-07-14T04:40:00+02:00"), Some(1_500_000_000_000));
/// assert_eq!(sfn_jsonata::read_timestamp("yesterday"), None);
/// ```
pub fn read_timestamp(text: &str) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "years have four digits")]
    iso::parse(text).filter(|millis| millis.is_finite()).map(|millis| millis as i64)
}

/// The milliseconds of the evaluation's clock.
#[expect(clippy::unnecessary_wraps, reason = "builtin functions have one shape")]
pub(super) fn millis(evaluator: &Evaluator<'_>, _: &mut Arguments) -> Outcome {
    Ok(Some(Value::from(evaluator.environment.now_millis)))
}

pub(super) fn now(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let now = Value::from(evaluator.environment.now_millis).as_f64().unwrap_or(0.0);
    let text = formatted(evaluator, now, arguments.text(0)?.as_deref(), arguments.text(1)?.as_deref())?;
    Ok(Some(Value::from(text)))
}

pub(super) fn from_millis(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(millis) = arguments.number(0)? else { return Ok(None) };
    let text = formatted(evaluator, millis, arguments.text(1)?.as_deref(), arguments.text(2)?.as_deref())?;
    Ok(Some(Value::from(text)))
}

fn formatted(
    evaluator: &Evaluator<'_>,
    millis: f64,
    picture: Option<&str>,
    timezone: Option<&str>,
) -> Result<String, Fault> {
    let picture = Picture::parse(picture.unwrap_or("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"))?;
    format::format(evaluator, millis, &picture, timezone)
}

pub(super) fn to_millis(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(text) = arguments.text(0)? else { return Ok(None) };
    if let Some(picture) = arguments.text(1)? {
        let millis = read::read(evaluator, &text, &Picture::parse(&picture)?)?;
        return Ok(millis.map(Value::from));
    }
    if let Some(millis) = iso::parse(&text) {
        return Ok(Some(Value::from(millis)));
    }
    let text = Value::String(text);
    let message = format!(
        "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {text}"
    );
    Err(fault("D3110", message))
}
