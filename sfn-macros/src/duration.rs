//! Durations as options write them: `"30s"`, `"90m"`, `"1h30m"`, `"3d"`.
//! Separate because a duration is read the same way wherever an option takes one.

use std::time::Duration;

/// The longest time the service counts.
const LONGEST: u64 = 99_999_999;

/// The duration of a text, or what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let seconds = seconds(text).ok_or_else(|| {
        format!("`{text}` is no duration: write whole numbers with the units `d`, `h`, `m`, `s`, as in `30s`, `1h30m`, `3d`")
    })?;
    match seconds {
        0 => Err(format!("`{text}` is no time at all: the shortest duration is `1s`")),
        1..=LONGEST => Ok(Duration::from_secs(seconds)),
        _ => Err(format!(
            "`{text}` is too long: the service counts up to {LONGEST} seconds, about three years"
        )),
    }
}

/// The text of a duration of whole seconds.
pub(crate) fn write(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut text = String::new();
    for (unit, factor) in UNITS {
        if rest >= factor {
            text += &(rest / factor).to_string();
            text.push(unit);
            rest %= factor;
        }
    }
    text
}

/// The units, the longest first, each in seconds.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The seconds of a text whose units stand in descending order, each at most once.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total: u64 = 0;
    for (unit, factor) in UNITS {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        let count: u64 = number.parse().ok().filter(|_| number.starts_with(|c: char| c.is_ascii_digit()))?;
        total = total.checked_add(count.checked_mul(factor)?)?;
        rest = after;
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{parse, write};

    fn check(text: &str, expected: Result<u64, &str>) {
        match (parse(text), expected) {
            (Ok(duration), Ok(seconds)) => assert_eq!(duration.as_secs(), seconds, "{text}"),
            (Err(message), Err(part)) => assert!(message.contains(part), "{text}: {message}"),
            (parsed, expected) => panic!("{text}: {parsed:?} is not {expected:?}"),
        }
    }

    #[test]
    fn numbers_with_units_are_durations() {
        check("30s", Ok(30));
        check("90m", Ok(5_400));
        check("1h30m", Ok(5_400));
        check("3d", Ok(259_200));
        check("1d1s", Ok(86_401));
        check("99999999s", Ok(99_999_999));
    }

    #[test]
    fn durations_are_written_in_their_largest_units() {
        for text in ["1s", "1m30s", "1h30m", "3d", "1d1h1m1s"] {
            assert_eq!(parse(text).map(write).as_deref(), Ok(text));
        }
        assert_eq!(write(Duration::from_mins(90)), "1h30m");
    }

    #[test]
    fn anything_else_is_explained() {
        for text in
            ["", "30", "s", "30ms", "1.5h", "30m1h", "1h1h", "+3s", "-3s", "3 s", "99999999999999999999d"]
        {
            check(text, Err("is no duration"));
        }
        check("0s", Err("no time at all"));
        check("1158d", Err("too long"));
    }
}
