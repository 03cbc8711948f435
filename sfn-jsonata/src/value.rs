//! The JSON value that documents, variables and expressions share.
//! It is separate from the evaluator because every crate that moves payloads around uses it.

mod array;
mod convert;
mod extent;
mod json;
mod number;
mod object;

use std::sync::Arc;

pub use array::Array;
pub(crate) use array::Flags;
pub(crate) use extent::Extent;
pub(crate) use json::{Layout, write_json};
pub use number::Number;
pub(crate) use number::{decimal_half_up, shortest};
pub(crate) use object::FunctionId;
pub use object::Object;

/// A JSON value whose clone costs O(1): everything larger than a number stands behind an [`Arc`].
///
/// Equality is structural; objects compare without regard to the order of their fields and numbers as `f64`.
/// `Display` writes compact JSON with JavaScript's number format (`1`, never `1.0`).
///
/// ```
/// use sfn_jsonata::Value;
///
/// let order: Value = serde_json::from_str(r#"{"total": 150.0, "tags": ["a"]}"#)?;
/// assert_eq!(order.get("total").and_then(Value::as_f64), Some(150.0));
/// assert_eq!(order.to_string(), r#"{"total":150,"tags":["a"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// An array.
    Array(Array),
    /// An object, in the order its fields were written.
    Object(Arc<Object>),
}

impl Value {
    /// An empty array.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Value::empty_array().to_string(), "[]");
    /// ```
    pub fn empty_array() -> Self {
        Self::Array(Array::default())
    }

    /// An empty object.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Value::empty_object().to_string(), "{}");
    /// ```
    pub fn empty_object() -> Self {
        Self::Object(Arc::default())
    }

    /// A bound on the length of its JSON text, known without walking it; the text may be a hundred times shorter.
    ///
    /// ```
    /// let value = sfn_jsonata::Value::from("a");
    /// assert!(value.to_string().len() as u64 <= value.bytes_at_most());
    /// ```
    pub fn bytes_at_most(&self) -> u64 {
        Extent::of(self).bytes_at_most()
    }

    /// Whether this is `null`.
    ///
    /// ```
    /// assert!(sfn_jsonata::Value::Null.is_null());
    /// ```
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The boolean, when this is one.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Value::from(true).as_bool(), Some(true));
    /// ```
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number as a double, when this is one.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Value::from(2).as_f64(), Some(2.0));
    /// ```
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// The number as an integer, when this is a number without a fraction that an `i64` holds.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Value::from(2.0).as_i64(), Some(2));
    /// assert_eq!(sfn_jsonata::Value::from(2.5).as_i64(), None);
    /// ```
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The string, when this is one.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Value::from("a").as_str(), Some("a"));
    /// ```
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, when this is an array.
    ///
    /// ```
    /// use sfn_jsonata::Value;
    ///
    /// let list: Value = [Value::from(1)].into_iter().collect();
    /// assert_eq!(list.as_array().map(|items| items.len()), Some(1));
    /// ```
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The fields, when this is an object.
    ///
    /// ```
    /// assert!(sfn_jsonata::Value::empty_object().as_object().is_some_and(|fields| fields.is_empty()));
    /// ```
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The field of that name, when this is an object that has it.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Value::empty_object().get("total"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// The function of the running evaluation that this value stands for.
    pub(crate) fn function(&self) -> Option<FunctionId> {
        match self {
            Self::Object(fields) => fields.function(),
            _ => None,
        }
    }

    /// The value, unless it stands for undefined among the elements of an array.
    pub(crate) fn present(&self) -> Option<&Self> {
        match self {
            Self::Object(fields) if fields.is_undefined() => None,
            value => Some(value),
        }
    }

    /// The value with `null` wherever undefined stands among the elements of an array.
    pub(crate) fn without_undefined(&self) -> Self {
        match self {
            Self::Array(items) => items.iter().map(Self::without_undefined).collect(),
            Self::Object(fields) if fields.is_undefined() => Self::Null,
            Self::Object(fields) if fields.function().is_none() => {
                fields.iter().map(|(name, value)| (Arc::clone(name), value.without_undefined())).collect()
            }
            other => other.clone(),
        }
    }

    /// Whether a function stands anywhere inside.
    pub(crate) fn holds_function(&self) -> bool {
        match self {
            Self::Array(items) => items.iter().any(Self::holds_function),
            Self::Object(fields) => {
                fields.function().is_some() || fields.iter().any(|(_, value)| value.holds_function())
            }
            _ => false,
        }
    }
}
