//! Reading a timestamp by a picture.
//! Separate from writing because a picture becomes a pattern, and what it leaves out is filled in.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::integer::{Case, Decimal, Grouping, IntegerPicture, Style, leading_integer, words};
use super::calendar::{Moment, utc};
use super::format::{DAYS, MONTHS, component, no_name};
use super::picture::{Marker, Part, Picture, Presentation};
use crate::error::{Fault, fault};
use crate::evaluate::Evaluator;
use crate::syntax::Pattern;
use crate::value::Value;

/// What the components of a timestamp were read as; `None` is a name that does not exist.
type Components = BTreeMap<char, Option<f64>>;

/// The milliseconds, `None` when the timestamp does not match the picture.
pub(super) fn read(
    evaluator: &Evaluator<'_>,
    timestamp: &str,
    picture: &Picture,
) -> Result<Option<f64>, Fault> {
    let mut pattern = String::from("^");
    for part in &picture.parts {
        // Writing to a string cannot fail.
        let _ = match part {
            Part::Literal(literal) => write!(pattern, "({})", Pattern::escape(literal)),
            Part::Marker(marker) => write!(pattern, "({})", marker.pattern()?),
        };
    }
    pattern.push('$');
    let Ok(pattern) = Pattern::new(&pattern, "i") else { return Ok(None) };
    let Some(found) = evaluator.find(&pattern, timestamp, 0)? else { return Ok(None) };
    let mut components = Components::new();
    for (part, group) in picture.parts.iter().zip(&found.groups) {
        if let (Part::Marker(marker), Some((start, end))) = (part, group) {
            components.insert(marker.component, marker.read(&timestamp[*start..*end])?);
        }
    }
    if components.is_empty() {
        return Ok(None);
    }
    assemble(components, Moment::new(evaluator.environment.now_millis)).map(Some)
}

impl Marker {
    fn pattern(&self) -> Result<String, Fault> {
        if let 'Z' | 'z' = self.component {
            let gmt = if self.component == 'z' { "GMT" } else { "" };
            let minutes =
                self.zone_separator().map(|separator| format!("{separator}[0-9]+")).unwrap_or_default();
            return Ok(format!("{gmt}[-+][0-9]+{minutes}"));
        }
        match &self.presentation {
            Presentation::Integer(integer) => self.integer_pattern(integer),
            Presentation::Name(_) if matches!(self.component, 'M' | 'x' | 'F' | 'P') => {
                Ok("[a-zA-Z]+".to_owned())
            }
            Presentation::Name(_) => Err(no_name(self.component)),
        }
    }

    fn integer_pattern(&self, integer: &IntegerPicture) -> Result<String, Fault> {
        let is_upper = integer.case == Case::Upper;
        Ok(match &integer.style {
            Style::Letters => if is_upper { "[A-Z]+" } else { "[a-z]+" }.to_owned(),
            Style::Roman => if is_upper { "[MDCLXVI]+" } else { "[mdclxvi]+" }.to_owned(),
            Style::Words => format!("(?:{}|and|[\\-, ])+", words::vocabulary().join("|")),
            Style::Decimal(Decimal { optional, .. }) => {
                let times = match self.digits.filter(|digits| *digits > 0) {
                    Some(digits) if *optional == 0 => format!("{{{digits}}}"),
                    Some(digits) => format!("{{{},{digits}}}", digits.saturating_sub(*optional)),
                    None => "+".to_owned(),
                };
                let suffix = if integer.ordinal { "(?:th|st|nd|rd)" } else { "" };
                format!("[0-9]{times}{suffix}")
            }
            // Reading reports that this numbering is not supported.
            Style::Sequence(_) => integer.read("").map(|_| String::new())?,
        })
    }

    fn read(&self, text: &str) -> Result<Option<f64>, Fault> {
        if let 'Z' | 'z' = self.component {
            let text = if self.component == 'z' { text.get(3..).unwrap_or("") } else { text };
            return Ok(Some(self.read_zone(text)));
        }
        if let Presentation::Integer(integer) = &self.presentation {
            return integer.read(text).map(Some);
        }
        let position = |names: &[&str]| {
            let longest = self.longest.filter(|longest| *longest > 0).unwrap_or(usize::MAX);
            let at = names.iter().rposition(|name| name[..name.len().min(longest)] == *text);
            at.and_then(|at| u8::try_from(at + 1).ok()).map(f64::from)
        };
        Ok(match self.component {
            'F' => position(&DAYS),
            'P' => match text {
                "am" | "AM" => Some(0.0),
                "pm" | "PM" => Some(1.0),
                _ => None,
            },
            _ => position(&MONTHS),
        })
    }

    /// Minutes east of UTC.
    fn read_zone(&self, text: &str) -> f64 {
        let (hours, minutes) = match self.zone_separator().and_then(|separator| text.split_once(separator)) {
            Some((hours, minutes)) => (hours, minutes),
            None if text.len() <= 3 => (text, "0"),
            None => text.split_at(3),
        };
        leading_integer(hours) * 60.0 + leading_integer(minutes)
    }

    fn zone_separator(&self) -> Option<char> {
        let Presentation::Integer(IntegerPicture { style: Style::Decimal(decimal), .. }) = &self.presentation
        else {
            return None;
        };
        match decimal.grouping {
            Grouping::Regular(_, separator) => Some(separator),
            Grouping::At(_) => None,
        }
    }
}

/// Whether these components, and no others, name the date or time in one particular way.
struct Given(Vec<bool>);

impl Given {
    fn of(components: &Components, names: &str) -> Self {
        let is_given =
            |name: char| components.get(&name).copied().flatten().is_some_and(|value| value != 0.0);
        Self(names.chars().map(is_given).collect())
    }

    /// `pattern` has a `1` for each component that may be given; some must be, and no other.
    fn within(&self, pattern: &str) -> bool {
        let allowed = |(given, mark): (&bool, char)| !given || mark == '1';
        self.0.iter().any(|given| *given) && self.0.iter().zip(pattern.chars()).all(allowed)
    }
}

fn assemble(mut components: Components, now: Moment) -> Result<f64, Fault> {
    // The order is year, ISO year, month, ISO month, week of year, week of month, day of year, day.
    let date = Given::of(&components, "YXMxWwdD");
    let by_day_of_year = !date.within("10100001") && date.within("10000010");
    let by_month_week = date.within("01010100");
    let by_week = !by_month_week && date.within("01001000");
    let time = Given::of(&components, "PHhmsf");
    let by_half_day = !time.within("010111") && time.within("101111");
    let date_names = match () {
        () if by_day_of_year => "YD",
        () if by_month_week => "XxwF",
        () if by_week => "XWF",
        () => "YMD",
    };
    let time_names = if by_half_day { "Phmsf" } else { "Hmsf" };
    fill_in(&mut components, date_names.chars().chain(time_names.chars()), now)?;
    let value = |name: char| components.get(&name).copied().flatten().unwrap_or(f64::NAN);
    let zero_based = |month: f64| if month > 0.0 { month - 1.0 } else { 0.0 };
    let (mut month, mut day) = (zero_based(value('M')), value('D'));
    if by_day_of_year {
        (month, day) = (0.0, value('d'));
    }
    if by_month_week || by_week {
        return Err(underspecified());
    }
    let mut hour = value('H');
    if by_half_day {
        let afternoon = matches!(value('P'), 1.0);
        hour = match value('h') {
            12.0 => 0.0,
            hour => hour,
        } + if afternoon { 12.0 } else { 0.0 };
    }
    let millis = utc(value('Y'), month, day, [hour, value('m'), value('s'), value('f')]);
    let offset = ['Z', 'z'].into_iter().map(value).find(|offset| !offset.is_nan() && *offset != 0.0);
    Ok(millis - offset.unwrap_or(0.0) * 60_000.0)
}

/// Larger components that are left out come from the clock, smaller ones are the first; a gap between is refused.
fn fill_in(components: &mut Components, names: impl Iterator<Item = char>, now: Moment) -> Result<(), Fault> {
    let (mut started, mut ended) = (false, false);
    for name in names {
        if components.get(&name).copied().flatten().is_some() {
            started = true;
            if ended {
                return Err(underspecified());
            }
        } else if started {
            components.insert(name, Some(if matches!(name, 'M' | 'D' | 'd') { 1.0 } else { 0.0 }));
            ended = true;
        } else {
            components.insert(name, Value::from(component(now, name)).as_f64());
        }
    }
    Ok(())
}

fn underspecified() -> Fault {
    fault("D3136", "The date/time picture string is missing specifiers required to parse the timestamp")
}
