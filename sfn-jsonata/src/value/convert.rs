//! Conversions between values, Rust scalars, serde and `serde_json`.
//! Separate because this is the boundary to other formats; nothing here decides what a value means.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Array, Number, Object, Value};

/// The field under which `serde_json` hides a number when its `arbitrary_precision` feature is on.
const HIDDEN_NUMBER: &str = "$serde_json::private::Number";

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<f64> for Value {
    fn from(double: f64) -> Self {
        Self::Number(Number::from(double))
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Number(Number::from(integer))
    }
}

impl From<i32> for Value {
    fn from(integer: i32) -> Self {
        Self::from(f64::from(integer))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(values: Vec<Value>) -> Self {
        Self::Array(Array::from(values))
    }
}

impl From<Array> for Value {
    fn from(items: Array) -> Self {
        Self::Array(items)
    }
}

impl From<Object> for Value {
    fn from(fields: Object) -> Self {
        Self::Object(Arc::new(fields))
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Self::Array(values.into_iter().collect())
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Value)> for Value {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(fields: I) -> Self {
        Self::from(fields.into_iter().collect::<Object>())
    }
}

impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Bool(*flag),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(integer) => Self::from(integer),
                None => Self::from(number.as_f64().unwrap_or(f64::NAN)),
            },
            serde_json::Value::String(text) => Self::from(text.as_str()),
            serde_json::Value::Array(items) => items.iter().map(Self::from).collect(),
            serde_json::Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.as_str(), Self::from(value))).collect()
            }
        }
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        Self::from(&json)
    }
}

impl From<&Value> for serde_json::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => match number.as_i64() {
                Some(integer) => Self::from(integer),
                None => serde_json::Number::from_f64(number.as_f64())
                    .map_or_else(|| Self::String(number.to_string()), Self::Number),
            },
            Value::String(text) => Self::String(text.as_ref().to_owned()),
            Value::Array(items) => items.iter().map(Self::from).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.as_ref().to_owned(), Self::from(value))).collect()
            }
        }
    }
}

impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => match number.as_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                None if number.as_f64().is_finite() => serializer.serialize_f64(number.as_f64()),
                None => serializer.collect_str(number),
            },
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
            Self::Object(fields) => fields.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(&**name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Names::default();
        Seed(&names).deserialize(deserializer)
    }
}

/// The field names met in one document; equal names share one allocation.
#[derive(Default)]
struct Names(RefCell<HashSet<Arc<str>>>);

impl Names {
    fn share(&self, name: &str) -> Arc<str> {
        let mut names = self.0.borrow_mut();
        if let Some(known) = names.get(name) {
            return Arc::clone(known);
        }
        let fresh: Arc<str> = name.into();
        names.insert(Arc::clone(&fresh));
        fresh
    }
}

#[derive(Clone, Copy)]
struct Seed<'a>(&'a Names);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A field name, shared with equal names of the same document.
struct NameSeed<'a>(&'a Names);

impl<'de> DeserializeSeed<'de> for NameSeed<'_> {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed<'_> {
    type Value = Arc<str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a field name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Arc<str>, E> {
        Ok(self.0.share(name))
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Value, E> {
        Ok(Value::from(integer))
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond an i64 a number is a double")]
    fn visit_u64<E>(self, integer: u64) -> Result<Value, E> {
        Ok(i64::try_from(integer).map_or_else(|_| Value::from(integer as f64), Value::from))
    }

    fn visit_f64<E>(self, double: f64) -> Result<Value, E> {
        Ok(Value::from(double))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::with_capacity(sequence.size_hint().unwrap_or(0).min(1024));
        while let Some(value) = sequence.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::from(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Object::default();
        while let Some(name) = map.next_key_seed(NameSeed(self.0))? {
            if &*name == HIDDEN_NUMBER {
                let text: String = map.next_value()?;
                let number = text.parse::<i64>().map(Value::from);
                return number
                    .or_else(|_| text.parse::<f64>().map(Value::from))
                    .map_err(|_| A::Error::custom(format_args!("expected a number, found `{text}`")));
            }
            object.insert(name, map.next_value_seed(self)?);
        }
        Ok(Value::from(object))
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn documents_survive_the_way_through_serde_and_serde_json() {
        let text = r#"{"b":[1,2.5,-9007199254740993,"é\n",null,true],"a":{"b":{}}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(Value::from(&json), value);
        assert_eq!(serde_json::Value::from(&value), json);
    }

    #[test]
    fn numbers_without_fraction_are_written_as_integers() {
        assert_eq!(serde_json::to_string(&Value::from(3.0)).unwrap(), "3");
        assert_eq!(serde_json::to_string(&Value::from(1.0 / 0.0)).unwrap(), "\"Infinity\"");
    }
}
