//! Numbers and JavaScript's way of writing them.
//! Separate because the decimal algorithms (shortest form, fifteen digits, exact ties) are a subject of their own.

use std::fmt;

/// Beyond this magnitude a double no longer holds every integer.
const MAX_EXACT: i64 = 1 << 53;

/// A JSON number: a double, or an integer too large for a double to hold exactly.
///
/// Expressions compute with doubles; the exact integer survives only where a value passes through untouched.
///
/// ```
/// use sfn_jsonata::Number;
///
/// assert_eq!(Number::from(3.0).to_string(), "3");
/// assert_eq!(Number::from(9_007_199_254_740_993_i64).to_string(), "9007199254740993");
/// assert_eq!(Number::from(1e21).to_string(), "1e+21");
/// ```
#[derive(Clone, Copy)]
pub struct Number(Repr);

#[derive(Clone, Copy)]
enum Repr {
    Double(f64),
    /// Always beyond [`MAX_EXACT`].
    Integer(i64),
}

impl Number {
    /// The number as a double; integers beyond 2^53 are rounded.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Number::from(7).as_f64(), 7.0);
    /// ```
    #[expect(clippy::cast_precision_loss, reason = "rounding is what the language does")]
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Repr::Double(double) => double,
            Repr::Integer(integer) => integer as f64,
        }
    }

    /// The number as an integer, when it has no fraction and an `i64` holds it exactly.
    ///
    /// ```
    /// use sfn_jsonata::Number;
    ///
    /// assert_eq!(Number::from(-4.0).as_i64(), Some(-4));
    /// assert_eq!(Number::from(0.5).as_i64(), None);
    /// ```
    #[expect(clippy::cast_possible_truncation, reason = "the range and the fraction are checked first")]
    pub fn as_i64(self) -> Option<i64> {
        match self.0 {
            Repr::Integer(integer) => Some(integer),
            Repr::Double(double) => {
                // 2^63 itself is out of range; every double below it converts exactly.
                let limit = 2_f64.powi(63);
                let fits = (-limit..limit).contains(&double);
                (fits && double.fract() == 0.0).then_some(double as i64)
            }
        }
    }
}

impl From<f64> for Number {
    fn from(double: f64) -> Self {
        Self(Repr::Double(double))
    }
}

impl From<i64> for Number {
    #[expect(clippy::cast_precision_loss, reason = "only exact integers are converted")]
    fn from(integer: i64) -> Self {
        if (-MAX_EXACT..=MAX_EXACT).contains(&integer) {
            Self(Repr::Double(integer as f64))
        } else {
            Self(Repr::Integer(integer))
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        if let (Repr::Integer(left), Repr::Integer(right)) = (self.0, other.0) {
            return left == right;
        }
        self.as_f64() == other.as_f64()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Integer(integer) => write!(formatter, "{integer}"),
            Repr::Double(double) => formatter.write_str(&shortest(double)),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The shortest decimal that reads back as the same double, laid out as JavaScript lays it out.
pub(crate) fn shortest(double: f64) -> String {
    if double.is_nan() {
        return "NaN".to_owned();
    }
    if double.is_infinite() {
        return if double > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if double.fract() == 0.0 && double.abs() < 1e15 {
        #[expect(clippy::cast_possible_truncation, reason = "below 1e15 and without fraction")]
        let integer = double as i64;
        return integer.to_string();
    }
    let scientific = format!("{double:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    format!("{sign}{}", lay_out(&digits, exponent))
}

/// Lays out `d.ddd × 10^exponent`: plain decimals between 1e-6 and 1e21, an exponent elsewhere.
fn lay_out(digits: &str, exponent: i32) -> String {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if (0..21).contains(&exponent) {
        let point = usize::try_from(exponent + 1).unwrap_or(0);
        if exponent + 1 >= count {
            return format!("{digits}{}", "0".repeat(point - digits.len()));
        }
        return format!("{}.{}", &digits[..point], &digits[point..]);
    }
    if (-6..0).contains(&exponent) {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e{sign}{}", exponent.abs())
}

/// Rounds to `digits` significant digits; an exact tie goes away from zero, where the formatting machinery of
/// Rust would go to the even digit.
pub(crate) fn decimal_half_up(double: f64, digits: usize) -> f64 {
    if !double.is_finite() || double == 0.0 {
        return double;
    }
    let rounded = format!("{double:.*e}", digits - 1);
    // Enough digits to see whether the decimal expansion ends in a lone 5 behind the last kept digit.
    let exact = format!("{double:.60e}");
    let (mantissa, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    let kept = mantissa.trim_start_matches('-').len().min(digits + 1);
    let tail = &mantissa.trim_start_matches('-')[kept..];
    let is_tie = tail.starts_with('5') && tail[1..].bytes().all(|byte| byte == b'0');
    if is_tie {
        // Nudging the last visible digit above the half makes every rounding go up.
        let sign = if double < 0.0 { "-" } else { "" };
        let nudged = format!("{sign}{}{}e{exponent}", &mantissa.trim_start_matches('-')[..kept], "6");
        return round_up_tie(&nudged, digits);
    }
    rounded.parse().unwrap_or(double)
}

/// Rounds decimal text whose digit behind the kept ones is above five.
fn round_up_tie(text: &str, digits: usize) -> f64 {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let kept: String = mantissa.chars().filter(char::is_ascii_digit).take(digits).collect();
    let next = kept.parse::<u64>().map_or(0, |integer| integer + 1);
    let exponent = exponent.parse::<i64>().unwrap_or(0) - i64::try_from(digits - 1).unwrap_or(0);
    format!("{sign}{next}e{exponent}").parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{decimal_half_up, shortest};

    #[test]
    fn doubles_are_written_as_javascript_writes_them() {
        let cases = [
            (0.1, "0.1"),
            (-0.0, "0"),
            (100.0, "100"),
            (1e20, "100000000000000000000"),
            (1.5e21, "1.5e+21"),
            (1e-6, "0.000001"),
            (1.25e-7, "1.25e-7"),
            (123_456.789, "123456.789"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (double, text) in cases {
            assert_eq!(shortest(double), text);
        }
    }

    #[test]
    fn fifteen_digits_round_exact_ties_up() {
        assert_eq!(shortest(decimal_half_up(12_345_678_901_234.25, 15)), "12345678901234.3");
        assert_eq!(shortest(decimal_half_up(-12_345_678_901_234.25, 15)), "-12345678901234.3");
        assert_eq!(shortest(decimal_half_up(0.1 + 0.2, 15)), "0.3");
        assert_eq!(shortest(decimal_half_up(1.0 / 3.0, 15)), "0.333333333333333");
    }
}
