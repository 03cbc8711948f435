//! Reading date and time pictures such as `[Y0001]-[M01]-[D01]`.
//! Separate because writing and reading dates follow the same picture.

use super::super::integer::leading_integer;
use super::super::integer::{Case, IntegerPicture, Style};
use crate::error::{Fault, fault};
use crate::value::Value;

/// A picture, part by part.
pub(super) struct Picture {
    pub(super) parts: Vec<Part>,
}

pub(super) enum Part {
    Literal(String),
    Marker(Marker),
}

/// What stands between brackets.
pub(super) struct Marker {
    /// `Y`, `M`, `D` ..
    pub(super) component: char,
    pub(super) presentation: Presentation,
    /// The second modifier is `t`: UTC is written `Z`.
    pub(super) zulu: bool,
    /// The longest a name may be.
    pub(super) longest: Option<usize>,
    /// How many digits of a year, month or day there are, when the picture says so.
    pub(super) digits: Option<usize>,
}

pub(super) enum Presentation {
    /// The name, in a case.
    Name(Case),
    Integer(IntegerPicture),
}

/// What a component looks like when the picture does not say.
fn default_presentation(component: char) -> Option<&'static str> {
    Some(match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'F' | 'P' | 'C' | 'E' => "n",
        'm' | 's' => "01",
        'Z' | 'z' => "01:01",
        _ => return None,
    })
}

impl Picture {
    pub(super) fn parse(picture: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = picture;
        while let Some(at) = rest.find('[') {
            literal.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(behind) = rest.strip_prefix('[') {
                push_literal(&mut parts, &mut literal);
                parts.push(Part::Literal("[".to_owned()));
                rest = behind;
                continue;
            }
            push_literal(&mut parts, &mut literal);
            let Some(end) = rest.find(']') else {
                return Err(fault("D3135", "No matching closing bracket ']' in date/time picture string"));
            };
            parts.push(Part::Marker(Marker::parse(&rest[..end])?));
            rest = &rest[end + 1..];
        }
        literal.push_str(rest);
        push_literal(&mut parts, &mut literal);
        Ok(Self { parts })
    }
}

fn push_literal(parts: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        parts.push(Part::Literal(std::mem::take(literal).replace("]]", "]")));
    }
}

impl Marker {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
        let component = text.chars().next();
        let modifiers = component.map_or("", |component| &text[component.len_utf8()..]);
        let (modifiers, width) = match modifiers.rsplit_once(',') {
            Some((modifiers, width)) => (modifiers, Width::parse(width)),
            None => (modifiers, Width::default()),
        };
        let (first, second) = match modifiers.char_indices().last() {
            None => (component.and_then(default_presentation), None),
            Some((at, last)) if at > 0 && "atco".contains(last) => (Some(&modifiers[..at]), Some(last)),
            Some(_) => (Some(modifiers), None),
        };
        let (Some(component), Some(first)) = (component, first) else {
            return Err(unknown_component(component));
        };
        let mut digits = None;
        let presentation = if matches!(component, 'Z' | 'z') {
            Presentation::Integer(IntegerPicture::parse(first)?)
        } else if first.starts_with('n') {
            Presentation::Name(Case::Lower)
        } else if first.starts_with('N') {
            Presentation::Name(if first.starts_with("Nn") { Case::Title } else { Case::Upper })
        } else if "YMDdFWwXxHhmsf".contains(component) {
            let mut integer = match second {
                Some(second) => IntegerPicture::parse(&format!("{first};{second}"))?,
                None => IntegerPicture::parse(first)?,
            };
            digits = width.applied(component, &mut integer);
            Presentation::Integer(integer)
        } else if matches!(component, 'P' | 'C' | 'E') {
            Presentation::Name(Case::Lower)
        } else {
            return Err(unknown_component(Some(component)));
        };
        Ok(Self { component, presentation, zulu: second == Some('t'), longest: width.most, digits })
    }
}

fn unknown_component(component: Option<char>) -> Fault {
    let name = Value::from(component.map(String::from).unwrap_or_default());
    fault("D3132", format!("Unknown component specifier {name} in date/time picture string"))
}

/// The width modifier `,min-max`.
#[derive(Default)]
struct Width {
    least: Option<usize>,
    most: Option<usize>,
}

impl Width {
    fn parse(text: &str) -> Self {
        let (least, most) = match text.split_once('-') {
            Some((least, most)) => (least, Some(most)),
            None => (text, None),
        };
        Self { least: width(least), most: most.and_then(width) }
    }

    /// Widens the picture of an integer; the digits of a year, month or day, when they are fixed.
    fn applied(&self, component: char, integer: &mut IntegerPicture) -> Option<usize> {
        if let Some(least) = self.least
            && integer.mandatory_digits() < least
        {
            integer.set_mandatory_digits(least);
        }
        if !matches!(component, 'Y' | 'M' | 'D') {
            return None;
        }
        if let Some(most) = self.most {
            integer.set_mandatory_digits(most);
            return Some(most);
        }
        match &integer.style {
            Style::Decimal(decimal) => {
                Some(decimal.mandatory + decimal.optional).filter(|digits| *digits >= 2)
            }
            _ => None,
        }
    }
}

fn width(text: &str) -> Option<usize> {
    let number = leading_integer(text);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates; limits are checked when used"
    )]
    let width = number as usize;
    (number >= 0.0).then_some(width)
}
