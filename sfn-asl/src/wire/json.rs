//! The model's leaves: strings, numbers, lists and objects as JSON has them.
//! Separate from the reading of objects because these are many small, dull cases.

use sfn_jsonata::Number;

use super::{Field, ObjectReader, ObjectWriter, Reading, Wire, length_of_text};
use crate::document::{NodeRef, Step};
use crate::{Fields, Named, Value};

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

/// A list that may be left out: an empty one is not written, unless it was read so; then it is among the rest.
impl<T: Wire> Field for Vec<T> {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self {
        let is_empty = |value: NodeRef<'_>| value.items().is_some_and(|mut items| items.next().is_none());
        reader.optional_unless(name, is_empty).unwrap_or_default()
    }

    fn put(&self, writer: &mut ObjectWriter, name: &'static str) {
        if !self.is_empty() {
            writer.put(name, self);
        }
    }
}

/// An object that may be left out: an empty one is not written, unless it was read so; then it is among the rest.
impl Field for Fields {
    fn take(reader: &mut ObjectReader<'_, '_>, name: &'static str) -> Self {
        let is_empty = |value: NodeRef<'_>| value.fields().is_some_and(|mut fields| fields.next().is_none());
        reader.optional_unless(name, is_empty).unwrap_or_default()
    }

    fn put(&self, writer: &mut ObjectWriter, name: &'static str) {
        if !self.is_empty() {
            writer.put(name, self);
        }
    }
}

impl Wire for Value {
    fn read<'t>(value: NodeRef<'t>, _: &mut Reading<'t>) -> Option<Self> {
        Some(value.to_value())
    }

    fn write(&self) -> Value {
        self.clone()
    }

    fn length(&self) -> usize {
        self.json_length()
    }
}

impl Wire for String {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            reading.wrong_type(value, "a string");
        }
        text
    }

    fn write(&self) -> Value {
        Value::from(self.as_str())
    }

    fn length(&self) -> usize {
        length_of_text(self)
    }
}

impl Wire for bool {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let flag = value.as_bool();
        if flag.is_none() && !value.is_opaque() {
            reading.wrong_type(value, "`true` or `false`");
        }
        flag
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Wire for f64 {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let number = value.as_number().map(Number::as_f64);
        if number.is_none() && !value.is_opaque() {
            reading.wrong_type(value, "a number");
        }
        number
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Wire for i64 {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let number = value.as_number().and_then(Number::as_i64);
        if number.is_none() && !value.is_opaque() {
            reading.wrong_type(value, "a whole number");
        }
        number
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let Some(items) = value.items() else {
            if value.is_opaque() {
                return None;
            }
            reading.wrong_type(value, "an array");
            return None;
        };
        let mut list = Self::with_capacity(items.len());
        let read = |(index, item)| reading.within(Step::Index(index), |reading| T::read(item, reading));
        list.extend(items.enumerate().filter_map(read));
        Some(list)
    }

    fn write(&self) -> Value {
        self.iter().map(Wire::write).collect()
    }

    fn length(&self) -> usize {
        (self.iter().map(|item| item.length() + 1).sum::<usize>() + 1).max(2)
    }
}

impl Wire for Fields {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        Named::read(value, reading).map(Self::from)
    }

    fn write(&self) -> Value {
        self.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
    }

    fn length(&self) -> usize {
        ObjectWriter::length(|writer| writer.put_rest(self))
    }
}

impl<T: Wire> Wire for Named<T> {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let Some(fields) = value.fields() else {
            if value.is_opaque() {
                return None;
            }
            reading.wrong_type(value, "an object");
            return None;
        };
        let mut map = Self::with_capacity_and_hasher(fields.len(), foldhash::fast::RandomState::default());
        for field in fields {
            let step = Step::Key(field.name_text());
            if let Some(value) = reading.within(step, |reading| T::read(field, reading)) {
                map.insert(field.name().to_owned(), value);
            }
        }
        Some(map)
    }

    fn write(&self) -> Value {
        self.iter().map(|(name, value)| (name.as_str(), value.write())).collect()
    }

    fn length(&self) -> usize {
        ObjectWriter::length(|writer| self.iter().for_each(|(name, value)| writer.put(name, value)))
    }
}
