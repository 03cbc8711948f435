//! Values as bytes and back: numbers, texts, JSON values, and structs and enums of them.
//! Separate from what is written, because a format that outlives a version must be written down in one place: fields
//! in their order, variants by numbers that never change.

use std::sync::Arc;

use sfn_asl::Value;
use sfn_jsonata::{Number, Object};

use crate::Timestamp;

/// Something that can be written as bytes and read back as it was.
pub(crate) trait Codec: Sized {
    /// Appends it.
    fn write(&self, bytes: &mut Vec<u8>);

    /// Takes one off the front; `None` if the bytes say something else.
    fn read(bytes: &mut &[u8]) -> Option<Self>;
}

pub(crate) fn encode(value: &impl Codec) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.write(&mut bytes);
    bytes
}

/// Reads a value that takes all of the bytes.
pub(crate) fn decode<T: Codec>(mut bytes: &[u8]) -> Option<T> {
    T::read(&mut bytes).filter(|_| bytes.is_empty())
}

/// Writes and reads a struct field by field.
macro_rules! codec_struct {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::journal::Codec for $type {
            fn write(&self, bytes: &mut Vec<u8>) {
                $($crate::journal::Codec::write(&self.$field, bytes);)*
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                $(let $field = $crate::journal::Codec::read(bytes)?;)*
                Some(Self { $($field),* })
            }
        }
    };
}

/// Writes and reads an enum: each variant has a number that it keeps for ever.
macro_rules! codec_enum {
    ($type:ty { $($number:literal => $variant:ident $(($($item:ident),+))? $({ $($field:ident),+ })?),+ $(,)? }) => {
        impl $crate::journal::Codec for $type {
            fn write(&self, bytes: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($($item),+))? $({ $($field),+ })? => {
                        bytes.push($number);
                        $($($crate::journal::Codec::write($item, bytes);)+)?
                        $($($crate::journal::Codec::write($field, bytes);)+)?
                    })+
                }
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                let (number, rest) = bytes.split_first()?;
                *bytes = rest;
                Some(match number {
                    $($number => {
                        $($(let $item = $crate::journal::Codec::read(bytes)?;)+)?
                        $($(let $field = $crate::journal::Codec::read(bytes)?;)+)?
                        Self::$variant $(($($item),+))? $({ $($field),+ })?
                    })+
                    _ => return None,
                })
            }
        }
    };
}

pub(crate) use {codec_enum, codec_struct};

impl<T: Codec> Codec for Box<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        (**self).write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        T::read(bytes).map(Self::new)
    }
}

/// Of a struct or an enum; texts have lengths of their own.
macro_rules! codec_shared {
    ($($type:ty),+) => {
        $(impl $crate::journal::Codec for std::sync::Arc<$type> {
            fn write(&self, bytes: &mut Vec<u8>) {
                (**self).write(bytes);
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                <$type as $crate::journal::Codec>::read(bytes).map(Self::new)
            }
        })+
    };
}

pub(crate) use codec_shared;

impl Codec for u64 {
    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    fn write(&self, bytes: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push((rest & 0x7f) as u8);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = bytes.split_first()?;
            *bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

impl Codec for usize {
    fn write(&self, bytes: &mut Vec<u8>) {
        (*self as u64).write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Self::try_from(u64::read(bytes)?).ok()
    }
}

impl Codec for i64 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self::from_le_bytes(fixed(bytes)?))
    }
}

impl Codec for f64 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self::from_le_bytes(fixed(bytes)?))
    }
}

impl Codec for bool {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(fixed::<1>(bytes)? != [0])
    }
}

fn fixed<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

impl Codec for Timestamp {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.as_millis().write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        i64::read(bytes).map(Self::from_millis)
    }
}

fn write_bytes(content: &[u8], bytes: &mut Vec<u8>) {
    content.len().write(bytes);
    bytes.extend(content);
}

fn read_bytes<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::read(bytes)?;
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

impl Codec for Arc<str> {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_bytes(self.as_bytes(), bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(std::str::from_utf8(read_bytes(bytes)?).ok()?.into())
    }
}

impl Codec for String {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_bytes(self.as_bytes(), bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(std::str::from_utf8(read_bytes(bytes)?).ok()?.to_owned())
    }
}

impl Codec for Vec<u8> {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_bytes(self, bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        read_bytes(bytes).map(<[u8]>::to_vec)
    }
}

impl<T: Codec> Codec for Option<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.is_some().write(bytes);
        if let Some(value) = self {
            value.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        if bool::read(bytes)? { T::read(bytes).map(Some) } else { Some(None) }
    }
}

/// Lists of anything but bytes.
macro_rules! codec_list {
    ($($item:ty),+) => {
        $(impl $crate::journal::Codec for Vec<$item> {
            fn write(&self, bytes: &mut Vec<u8>) {
                self.len().write(bytes);
                for item in self {
                    item.write(bytes);
                }
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                let length = usize::read(bytes)?;
                (0..length).map(|_| $crate::journal::Codec::read(bytes)).collect()
            }
        })+
    };
}

pub(crate) use codec_list;

impl<A: Codec, B: Codec> Codec for (A, B) {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
        self.1.write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::read(bytes)?, B::read(bytes)?))
    }
}

codec_list!(Value, (Arc<str>, Value), (String, String));

impl Codec for Value {
    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Null => bytes.push(0),
            Self::Bool(flag) => {
                bytes.push(1);
                flag.write(bytes);
            }
            Self::Number(number) => {
                if let Some(integer) = exact_integer(*number) {
                    bytes.push(2);
                    integer.write(bytes);
                } else {
                    bytes.push(3);
                    number.as_f64().write(bytes);
                }
            }
            Self::String(text) => {
                bytes.push(4);
                text.write(bytes);
            }
            Self::Array(items) => {
                bytes.push(5);
                items.len().write(bytes);
                for item in items {
                    item.write(bytes);
                }
            }
            Self::Object(fields) => {
                bytes.push(6);
                fields.len().write(bytes);
                for (name, value) in fields.iter() {
                    name.write(bytes);
                    value.write(bytes);
                }
            }
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(match fixed(bytes)? {
            [0] => Self::Null,
            [1] => Self::Bool(bool::read(bytes)?),
            [2] => Self::from(i64::read(bytes)?),
            [3] => Self::from(f64::read(bytes)?),
            [4] => Self::String(Codec::read(bytes)?),
            [5] => Self::from(<Vec<Self>>::read(bytes)?),
            [6] => {
                let mut fields = Object::default();
                for _ in 0..usize::read(bytes)? {
                    let name = <Arc<str>>::read(bytes)?;
                    fields.insert(name, Self::read(bytes)?);
                }
                Self::from(fields)
            }
            _ => return None,
        })
    }
}

/// An integer that no double holds; every other number is kept as its double, bit by bit: an execution that goes
/// through its past again must not come to other numbers.
fn exact_integer(number: Number) -> Option<i64> {
    number
        .as_i64()
        .filter(|integer| integer.unsigned_abs() > 1 << 53 && integer.to_string() == number.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..4)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn values_come_back_bit_by_bit(value in values()) {
            let bytes = encode(&value);
            let back: Value = decode(&bytes).expect("what was written can be read");
            prop_assert_eq!(encode(&back), bytes);
            prop_assert_eq!(back.to_string(), value.to_string());
        }

        #[test]
        fn numbers_of_any_size_come_back(number: u64) {
            prop_assert_eq!(decode::<u64>(&encode(&number)), Some(number));
        }

        #[test]
        fn cut_or_mangled_bytes_are_refused_without_a_panic(value in values(), cut: usize, bytes: Vec<u8>) {
            let whole = encode(&value);
            let cut = cut % whole.len();
            prop_assert!(decode::<Value>(&whole[..cut]).is_none());
            let _ = decode::<Value>(&bytes);
        }
    }
}
