//! Writing a moment by a picture.
//! Separate from reading because only here names are cased and time zones applied.

use super::super::integer::{Case, Grouping, IntegerPicture, Style, leading_integer};
use super::calendar::{MAX_MILLIS, Moment};
use super::picture::{Marker, Part, Picture, Presentation};
use crate::error::{Fault, fault};
use crate::evaluate::Evaluator;
use crate::value::{Value, shortest};

pub(super) const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A distance from UTC as written: `-0530` is -6 hours and -30 minutes, as in the reference.
struct Offset {
    hours: f64,
    minutes: f64,
}

pub(super) fn format(
    evaluator: &Evaluator<'_>,
    millis: f64,
    picture: &Picture,
    timezone: Option<&str>,
) -> Result<String, Fault> {
    let number = timezone.map_or(0.0, leading_integer);
    let offset = Offset { hours: (number / 100.0).floor(), minutes: number % 100.0 };
    let local = millis.trunc() + (60.0 * offset.hours + offset.minutes) * 60_000.0;
    if local.is_nan() || local.abs() > MAX_MILLIS {
        return Err(fault("D1001", format!("Number out of range: {}", shortest(millis))));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    let moment = Moment::new(local as i64);
    let mut text = String::new();
    for part in &picture.parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Marker(marker) => text.push_str(&marker.format(evaluator, moment, &offset)?),
        }
        evaluator.check_string(text.len())?;
    }
    Ok(text)
}

impl Marker {
    fn format(&self, evaluator: &Evaluator<'_>, moment: Moment, offset: &Offset) -> Result<String, Fault> {
        match (self.component, &self.presentation) {
            ('P', Presentation::Name(case)) => {
                let half = if moment.hour() >= 12 { "pm" } else { "am" };
                Ok(if *case == Case::Upper { half.to_uppercase() } else { half.to_owned() })
            }
            ('C' | 'E', _) => Ok("ISO".to_owned()),
            ('Z' | 'z', Presentation::Integer(picture)) => self.zone(evaluator, picture, offset),
            (_, Presentation::Name(case)) => self.name(moment, *case),
            (_, Presentation::Integer(picture)) => {
                let value = component(moment, self.component);
                #[expect(clippy::cast_precision_loss, reason = "parts of dates are small")]
                let mut value = value as f64;
                if let ('Y', Some(digits)) = (self.component, self.digits) {
                    value %= 10_f64.powf(f64::from(u32::try_from(digits).unwrap_or(u32::MAX)));
                }
                picture.format(value, evaluator)
            }
        }
    }

    fn name(&self, moment: Moment, case: Case) -> Result<String, Fault> {
        let value = component(moment, self.component);
        let index = usize::try_from(value - 1).unwrap_or(0);
        let name = match self.component {
            'M' | 'x' => MONTHS.get(index),
            'F' => DAYS.get(index),
            _ => None,
        };
        let Some(name) = name else { return Err(no_name(self.component)) };
        let name: String = name.chars().take(self.longest.unwrap_or(usize::MAX)).collect();
        Ok(match case {
            Case::Upper => name.to_uppercase(),
            Case::Lower => name.to_lowercase(),
            Case::Title => name,
        })
    }

    fn zone(
        &self,
        evaluator: &Evaluator<'_>,
        picture: &IntegerPicture,
        offset: &Offset,
    ) -> Result<String, Fault> {
        let number = offset.hours * 100.0 + offset.minutes;
        if number == 0.0 && self.zulu {
            return Ok("Z".to_owned());
        }
        let is_regular = matches!(&picture.style, Style::Decimal(decimal) if matches!(decimal.grouping, Grouping::Regular(..)));
        let digits = picture.mandatory_digits();
        let mut text = if is_regular || matches!(digits, 3 | 4) {
            picture.format(number, evaluator)?
        } else if matches!(digits, 1 | 2) {
            let hours = picture.format(offset.hours, evaluator)?;
            let minutes = match offset.minutes {
                0.0 => String::new(),
                minutes => format!(":{}", IntegerPicture::parse("00")?.format(minutes.floor(), evaluator)?),
            };
            format!("{hours}{minutes}")
        } else {
            let message = "The timezone integer format specifier cannot have more than four digits";
            return Err(fault("D3134", message));
        };
        if number >= 0.0 {
            text.insert(0, '+');
        }
        Ok(if self.component == 'z' { format!("GMT{text}") } else { text })
    }
}

/// The component has no names.
pub(super) fn no_name(component: char) -> Fault {
    let component = Value::from(component.to_string());
    let message = format!(
        "The 'name' modifier can only be applied to months and days in the date/time picture string, not {component}"
    );
    fault("D3133", message)
}

/// A component of a moment as a number.
pub(super) fn component(moment: Moment, component: char) -> i64 {
    match component {
        'Y' => moment.year,
        'M' => moment.month + 1,
        'D' => moment.day,
        'd' => moment.day_of_year(),
        'F' => moment.weekday(),
        'W' => moment.week_of_year(),
        'w' => moment.week_of_month(),
        'X' => moment.week_year(),
        'x' => moment.week_month(),
        'H' => moment.hour(),
        'h' => match moment.hour() % 12 {
            0 => 12,
            hour => hour,
        },
        'm' => moment.minute(),
        's' => moment.second(),
        'f' => moment.millisecond(),
        _ => 0,
    }
}
