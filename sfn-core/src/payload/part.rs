//! The parts of what travels: the arguments of a task, the fields of an error, what a wrapper wraps.
//! Separate because a macro says here, once and on the user's own tokens, that a part is a payload; all else it writes
//! asks the whole, so that a part that cannot travel is one error.

use serde_json::Value;

use super::encode;
use crate::shape::Newtype;
use crate::{Arguments, ErrorFields, Failed, Payload, Shape, ShapeOf};

/// A part of a type, by its place.
///
/// `Owner` is a type of the expansion's own: it tells the parts of one macro from those of another, and keeps a private
/// type private.
pub trait Part<Owner, const PLACE: usize> {
    /// What the part is.
    type Type: Payload;
}

/// The shape of a part.
pub fn part_shape<Whole: Part<Owner, PLACE>, Owner, const PLACE: usize>() -> Shape {
    Whole::Type::shape()
}

/// What the absence of a part means.
pub const fn part_absent<Whole: Part<Owner, PLACE>, Owner, const PLACE: usize>() -> Option<fn() -> Value> {
    Whole::Type::ABSENT
}

/// The JSON of a part; `null` where JSON cannot carry it.
pub fn part_json<Whole: Part<Owner, PLACE>, Owner, const PLACE: usize>(part: &Whole::Type) -> Value {
    encode(part).unwrap_or(Value::Null)
}

/// Takes an argument out of a handler's payload.
///
/// # Errors
///
/// `Payload.Invalid` where it is missing or does not fit.
pub fn part_argument<Whole: Part<Owner, PLACE>, Owner, const PLACE: usize>(
    arguments: &mut Arguments,
    name: &str,
) -> Result<Whole::Type, Failed> {
    arguments.take(name)
}

/// Takes a field out of those of an error, if it is there and fits.
pub fn part_field<Whole: Part<Owner, PLACE>, Owner, const PLACE: usize>(
    fields: &mut ErrorFields,
    wire: &str,
) -> Option<Whole::Type> {
    fields.take(wire)
}

/// The shape of a struct around one value: the value's own, but where the struct's field could be taken for one of the
/// value's.
///
/// ```
/// use sfn_core::{Payload, Shape, newtype_shape};
///
/// assert!(matches!(newtype_shape("0", String::shape), Shape::String));
/// assert!(matches!(newtype_shape("0", <(u8, u8)>::shape), Shape::Newtype(pair) if pair.field == "0"));
/// ```
pub fn newtype_shape(field: &'static str, inner: ShapeOf) -> Shape {
    let newtype = Newtype { field, inner, personal: false };
    match inner() {
        Shape::Any | Shape::Tuple(_) | Shape::Newtype(_) => Shape::Newtype(newtype),
        _ if field != "0" => Shape::Newtype(newtype),
        shape => shape,
    }
}
