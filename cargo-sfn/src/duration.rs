//! Durations as a person reads them, from milliseconds to days. Apart, because the table of states and the summary
//! both show them.

use std::time::Duration;

/// At most two units: `340 ms`, `1.24 s`, `2 min 03 s`, `5 h 20 min`, `3 d 00 h`.
pub(crate) fn readable(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{}.{:02} s", seconds, duration.subsec_millis() / 10),
        60..3_600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {:02} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_are_enough() {
        let shown = [0, 340, 1_249, 59_999, 123_000, 19_230_000, 259_200_000]
            .map(|milliseconds| readable(Duration::from_millis(milliseconds)));
        assert_eq!(shown, ["0 ms", "340 ms", "1.24 s", "59.99 s", "2 min 03 s", "5 h 20 min", "3 d 00 h"]);
    }
}
