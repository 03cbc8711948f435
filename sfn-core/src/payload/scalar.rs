//! Payloads without parts: booleans, numbers, text, nothing, and JSON itself.
//! Separate because they are one table: a Rust type and its shape.

use serde_json::{Map, Value};

use crate::shape::Integer;
use crate::{AnyVal, Payload, Shape};

macro_rules! scalars {
    ($($rust:ty => $shape:expr,)+) => {$(
        impl Payload for $rust {
            type Fields = ();

            fn shape() -> Shape {
                $shape
            }

            fn fields(_: &AnyVal) -> Self::Fields {}
        }
    )+};
}

const fn signed(bits: u8) -> Shape {
    Shape::Integer(Integer { signed: true, bits })
}

const fn unsigned(bits: u8) -> Shape {
    Shape::Integer(Integer { signed: false, bits })
}

scalars! {
    () => Shape::Null,
    bool => Shape::Bool,
    i8 => signed(8),
    i16 => signed(16),
    i32 => signed(32),
    i64 => signed(64),
    isize => signed(64),
    u8 => unsigned(8),
    u16 => unsigned(16),
    u32 => unsigned(32),
    u64 => unsigned(64),
    usize => unsigned(64),
    f32 => Shape::Float32,
    f64 => Shape::Float,
    char => Shape::String,
    String => Shape::String,
    Value => Shape::Any,
    Map<String, Value> => Shape::Map(Value::shape),
}
