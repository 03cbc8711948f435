//! The model's leaves: strings, numbers, lists and objects as JSON has them.
//! Separate from the reading of objects because these are many small, dull cases.

use indexmap::IndexMap;

use super::{Field, ObjectReader, ObjectWriter, Reading, Wire};
use crate::{Fields, Value};

impl<T: Wire> Field for Option<T> {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self {
        reader.optional(name)
    }

    fn put(&self, writer: &mut ObjectWriter, name: &'static str) {
        if let Some(value) = self {
            writer.put(name, value);
        }
    }
}

/// A list that may be left out: an empty one is not written.
impl<T: Wire> Field for Vec<T> {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self {
        reader.optional(name).unwrap_or_default()
    }

    fn put(&self, writer: &mut ObjectWriter, name: &'static str) {
        if !self.is_empty() {
            writer.put(name, self);
        }
    }
}

/// An object that may be left out: an empty one is not written.
impl Field for Fields {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self {
        reader.optional(name).unwrap_or_default()
    }

    fn put(&self, writer: &mut ObjectWriter, name: &'static str) {
        if !self.is_empty() {
            writer.put(name, self);
        }
    }
}

impl Wire for Value {
    fn read(value: &Value, _: &mut Reading) -> Option<Self> {
        Some(value.clone())
    }

    fn write(&self) -> Value {
        self.clone()
    }
}

impl Wire for String {
    fn read(value: &Value, reading: &mut Reading) -> Option<Self> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            reading.wrong_type(value, "a string");
        }
        text
    }

    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl Wire for bool {
    fn read(value: &Value, reading: &mut Reading) -> Option<Self> {
        let flag = value.as_bool();
        if flag.is_none() {
            reading.wrong_type(value, "`true` or `false`");
        }
        flag
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Wire for f64 {
    fn read(value: &Value, reading: &mut Reading) -> Option<Self> {
        let number = value.as_f64();
        if number.is_none() {
            reading.wrong_type(value, "a number");
        }
        number
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Wire for i64 {
    fn read(value: &Value, reading: &mut Reading) -> Option<Self> {
        let number = value.as_i64();
        if number.is_none() {
            reading.wrong_type(value, "a whole number");
        }
        number
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn read(value: &Value, reading: &mut Reading) -> Option<Self> {
        let Some(items) = value.as_array() else {
            reading.wrong_type(value, "an array");
            return None;
        };
        let read = |(index, item)| reading.within(index, |reading| T::read(item, reading));
        Some(items.iter().enumerate().filter_map(read).collect())
    }

    fn write(&self) -> Value {
        self.iter().map(Wire::write).collect()
    }
}

impl<T: Wire> Wire for IndexMap<String, T> {
    fn read(value: &Value, reading: &mut Reading) -> Option<Self> {
        let Some(object) = value.as_object() else {
            reading.wrong_type(value, "an object");
            return None;
        };
        let mut map = Self::with_capacity(object.len());
        for (name, value) in object.iter() {
            if let Some(value) = reading.within(name, |reading| T::read(value, reading)) {
                map.insert(name.to_string(), value);
            }
        }
        Some(map)
    }

    fn write(&self) -> Value {
        self.iter().map(|(name, value)| (name.as_str(), value.write())).collect()
    }
}
