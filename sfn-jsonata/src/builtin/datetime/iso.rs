//! Reading ISO 8601 timestamps as JavaScript's `Date.parse` reads them.
//! Separate because without a picture the format is fixed.

use super::calendar::utc;

/// The milliseconds, `NaN` when the parts are out of range, `None` when the text is no such timestamp.
pub(super) fn parse(text: &str) -> Option<f64> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    let month = separated(&mut rest, '-', 2)?;
    let day = if month.is_some() { separated(&mut rest, '-', 2)? } else { None };
    let mut time = [0.0; 4];
    let has_time = rest.starts_with('T');
    if has_time {
        time[0] = separated(&mut rest, 'T', 2)??;
        time[1] = separated(&mut rest, ':', 2)??;
        time[2] = separated(&mut rest, ':', 2)??;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        // Digits beyond the milliseconds are cut off.
        let kept = &fraction[..length.min(3)];
        time[3] = format!("{kept:0<3}").parse().ok()?;
        rest = &fraction[length..];
    }
    let offset = zone(rest)?;
    let (month, day) = (month.unwrap_or(1.0), day.unwrap_or(1.0));
    if month > 19.0 || day > 39.0 || time[0] > 29.0 || time[1] > 59.0 || time[2] > 59.0 {
        return None;
    }
    let midnight = matches!(time, [24.0, 0.0, 0.0, 0.0]);
    let in_range =
        (1.0..=12.0).contains(&month) && (1.0..=31.0).contains(&day) && (time[0] < 24.0 || midnight);
    if !in_range {
        return Some(f64::NAN);
    }
    // Years below 100 are meant as they stand, unlike where dates are put together from numbers.
    let shifted = if year < 100.0 { 400.0 } else { 0.0 };
    let days_in_400_years = 146_097.0;
    let millis = utc(year + shifted, month - 1.0, day, time);
    Some(millis - shifted / 400.0 * days_in_400_years * 86_400_000.0 - offset * 60_000.0)
}

fn digits(rest: &mut &str, count: usize) -> Option<f64> {
    let text = rest.get(..count).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    *rest = &rest[count..];
    text.parse().ok()
}

/// A part of a timestamp, unless it is left out.
type Part = Option<f64>;

/// `Some(None)` when the separator is not there.
fn separated(rest: &mut &str, separator: char, count: usize) -> Option<Part> {
    match rest.strip_prefix(separator) {
        // A `-` may also begin the offset from UTC, which is four digits long.
        Some(behind) if separator != '-' || !is_offset(behind) => {
            *rest = behind;
            digits(rest, count).map(Some)
        }
        _ => Some(None),
    }
}

fn is_offset(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 || digits == 2 && text[2..].starts_with(':')
}

/// Minutes east of UTC.
fn zone(text: &str) -> Option<f64> {
    if text.is_empty() || text == "Z" {
        return Some(0.0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1.0,
        b'-' => -1.0,
        _ => return None,
    };
    let mut rest = &text[1..];
    let hours = digits(&mut rest, 2)?;
    rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = digits(&mut rest, 2)?;
    (rest.is_empty() && hours <= 29.0 && minutes <= 59.0).then_some(sign * (hours * 60.0 + minutes))
}
