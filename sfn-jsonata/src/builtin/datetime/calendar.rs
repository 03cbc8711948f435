//! The proleptic Gregorian calendar in milliseconds since the Unix epoch, and ISO weeks of years and months.
//! Separate because it is pure arithmetic.

pub(super) const MILLIS_PER_DAY: i64 = 86_400_000;

/// The furthest a JavaScript date reaches from the epoch.
pub(super) const MAX_MILLIS: f64 = 8.64e15;

/// A moment, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) millis: i64,
    pub(super) year: i64,
    /// 0 is January.
    pub(super) month: i64,
    pub(super) day: i64,
}

impl Moment {
    pub(super) fn new(millis: i64) -> Self {
        let (year, month, day) = civil(millis.div_euclid(MILLIS_PER_DAY));
        Self { millis, year, month, day }
    }

    /// 1 is Monday.
    pub(super) fn weekday(self) -> i64 {
        weekday(self.midnight())
    }

    /// 1 is the first of January.
    pub(super) fn day_of_year(self) -> i64 {
        (self.midnight() - start_of_month(self.year, 0)) / MILLIS_PER_DAY + 1
    }

    pub(super) fn hour(self) -> i64 {
        self.millis.rem_euclid(MILLIS_PER_DAY) / 3_600_000
    }

    pub(super) fn minute(self) -> i64 {
        self.millis.rem_euclid(3_600_000) / 60_000
    }

    pub(super) fn second(self) -> i64 {
        self.millis.rem_euclid(60_000) / 1_000
    }

    pub(super) fn millisecond(self) -> i64 {
        self.millis.rem_euclid(1_000)
    }

    /// The ISO week of the year.
    pub(super) fn week_of_year(self) -> i64 {
        let week = weeks_between(first_week(self.year, 0), self.midnight());
        if week > 52 && self.midnight() >= first_week(self.year + 1, 0) {
            1
        } else if week < 1 {
            weeks_between(first_week(self.year - 1, 0), self.midnight())
        } else {
            week
        }
    }

    /// The week of the month, counted as ISO counts weeks of the year.
    pub(super) fn week_of_month(self) -> i64 {
        let week = weeks_between(first_week(self.year, self.month), self.midnight());
        let (next_year, next_month) = next_month(self.year, self.month);
        if week > 4 && self.midnight() >= first_week(next_year, next_month) {
            1
        } else if week < 1 {
            let (year, month) = previous_month(self.year, self.month);
            weeks_between(first_week(year, month), self.midnight())
        } else {
            week
        }
    }

    /// The year that the ISO week belongs to.
    pub(super) fn week_year(self) -> i64 {
        if self.millis < first_week(self.year, 0) {
            self.year - 1
        } else if self.millis >= first_week(self.year + 1, 0) {
            self.year + 1
        } else {
            self.year
        }
    }

    /// The month that the week belongs to; 1 is January.
    pub(super) fn week_month(self) -> i64 {
        let (next_year, next) = next_month(self.year, self.month);
        let month = if self.millis < first_week(self.year, self.month) {
            previous_month(self.year, self.month).1
        } else if self.millis >= first_week(next_year, next) {
            next
        } else {
            self.month
        };
        month + 1
    }

    fn midnight(self) -> i64 {
        self.millis.div_euclid(MILLIS_PER_DAY) * MILLIS_PER_DAY
    }
}

/// The milliseconds of a date and time whose parts may overflow into each other, `NaN` when out of reach.
/// Years from 0 to 99 mean 1900 to 1999, as in JavaScript's `Date.UTC`.
pub(super) fn utc(year: f64, month: f64, day: f64, time: [f64; 4]) -> f64 {
    let parts = [year, month, day, time[0], time[1], time[2], time[3]];
    if parts.iter().any(|part| !part.is_finite() || part.abs() > MAX_MILLIS) {
        return f64::NAN;
    }
    let year = year.trunc();
    let year = if (0.0..=99.0).contains(&year) { year + 1900.0 } else { year };
    let month = month.trunc();
    let (year, month) = (year + (month / 12.0).floor(), month.rem_euclid(12.0));
    if year.abs() > 400_000.0 {
        return f64::NAN;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
    let first = days(year as i64, month as i64, 1);
    #[expect(clippy::cast_precision_loss, reason = "at most 150 million")]
    let day = first as f64 + day.trunc() - 1.0;
    let [hour, minute, second, milli] = time.map(f64::trunc);
    let millis = day * 86_400_000.0 + hour * 3_600_000.0 + minute * 60_000.0 + second * 1000.0 + milli;
    if millis.abs() <= MAX_MILLIS { millis } else { f64::NAN }
}

fn start_of_month(year: i64, month: i64) -> i64 {
    days(year, month, 1) * MILLIS_PER_DAY
}

/// The Monday of the week that has the first Thursday of a month.
fn first_week(year: i64, month: i64) -> i64 {
    let first = start_of_month(year, month);
    let weekday = weekday(first);
    let offset = if weekday > 4 { 8 - weekday } else { 1 - weekday };
    first + offset * MILLIS_PER_DAY
}

fn weeks_between(start: i64, end: i64) -> i64 {
    (end - start).div_euclid(7 * MILLIS_PER_DAY) + 1
}

fn next_month(year: i64, month: i64) -> (i64, i64) {
    if month == 11 { (year + 1, 0) } else { (year, month + 1) }
}

fn previous_month(year: i64, month: i64) -> (i64, i64) {
    if month == 0 { (year - 1, 11) } else { (year, month - 1) }
}

/// The first of January 1970 was a Thursday.
fn weekday(midnight: i64) -> i64 {
    (midnight.div_euclid(MILLIS_PER_DAY) + 3).rem_euclid(7) + 1
}

/// Days since the epoch; `month` from 0.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years are counted from March, so that a leap day is the last of its year.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month (from 0) and day of a day since the epoch.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let day_of_era = day.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = year_of_era + era * 400;
    if month < 10 { (year, month + 2, day) } else { (year + 1, month - 10, day) }
}

#[cfg(test)]
mod tests {
    use super::{MILLIS_PER_DAY, Moment, days};

    #[test]
    fn days_and_dates_are_inverse_over_four_centuries() {
        for day in (-150_000..150_000).step_by(7) {
            let moment = Moment::new(day * MILLIS_PER_DAY);
            assert_eq!(days(moment.year, moment.month, moment.day), day);
        }
    }

    #[test]
    fn weeks_follow_iso_8601_at_the_borders_of_years() {
        // 2020-12-31 was in week 53, 2021-01-03 too, 2021-01-04 in week 1.
        for (day, year, week) in [(18_627, 2020, 53), (18_630, 2020, 53), (18_631, 2021, 1)] {
            let moment = Moment::new(day * MILLIS_PER_DAY);
            assert_eq!((moment.week_year(), moment.week_of_year()), (year, week));
        }
    }
}
