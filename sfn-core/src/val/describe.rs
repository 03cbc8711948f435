//! Shapes and lists of names in a sentence for people.
//! Separate because every refusal of an operation names what it found.

use crate::Shape;

/// A shape as one would name it to a Rust developer.
pub(super) fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Any => "a value of unknown shape".to_owned(),
        Shape::Null => "`()`".to_owned(),
        Shape::Bool => "a `bool`".to_owned(),
        Shape::Float => "a float".to_owned(),
        Shape::Float32 => "an `f32`".to_owned(),
        Shape::String => "a string".to_owned(),
        Shape::Timestamp => "a timestamp".to_owned(),
        Shape::Integer(integer) => {
            let letter = if integer.signed { 'i' } else { 'u' };
            format!("a `{letter}{}`", integer.bits)
        }
        Shape::Option(inner) => format!("an `Option` of {}", self::shape(&inner())),
        Shape::Array(_) => "an array".to_owned(),
        Shape::Map(_) => "a map".to_owned(),
        Shape::Tuple(places) => format!("a tuple of {}", places.len()),
        Shape::Newtype(newtype) if newtype.personal => "a `Pii`, which only `.expose()` reads".to_owned(),
        Shape::Newtype(newtype) => self::shape(&(newtype.inner)()),
        Shape::Record(record) => format!("`{}`", record.name),
        Shape::Enum(enumeration) => format!("`{}`", enumeration.name),
    }
}

/// Names in backticks, separated by commas.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() { "it has none".to_owned() } else { quoted.join(", ") }
}
