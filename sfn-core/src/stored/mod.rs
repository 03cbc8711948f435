//! Claim checks: values that may be large, of which a reference travels where they are.
//! Separate because of all payloads only these ask where their bytes are kept.

mod boundary;
mod store;

use std::fmt;
use std::ops::Deref;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::shape::{Field, Record, STORED};
use crate::{AnyVal, Payload, Shape, Val};

pub use boundary::{load, save};
pub(crate) use boundary::{opened, put_away};
pub use store::{DEFAULT_THRESHOLD, ValueStore, ValueStoreAnswer, ValueStoreError};

/// A value that may be too large to travel: above a threshold it stays in a bucket, and a reference travels.
///
/// A handler takes and gives the value as if it had travelled: it is there before the handler begins, and put away when it
/// has ended. What a workflow may read of it is its [`Summary`], which travels beside it.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use sfn_core::{Stored, Summary};
/// # use sfn_core::{AnyVal, Payload, Shape};
/// # #[derive(Serialize, Deserialize)]
/// # struct Totals { rows: u32 }
/// # impl Payload for Totals {
/// #     type Fields = ();
/// #     fn shape() -> Shape { Shape::Any }
/// #     fn fields(_: &AnyVal) {}
/// # }
/// struct Report {
///     rows: Vec<String>,
/// }
///
/// impl Summary<Report> for Totals {
///     fn of(report: &Report) -> Self {
///         Totals { rows: u32::try_from(report.rows.len()).unwrap_or(u32::MAX) }
///     }
/// }
///
/// let report: Stored<Report, Totals> = Stored::new(Report { rows: vec!["a".to_owned(), "b".to_owned()] });
/// assert_eq!(report.summary().rows, 2);
/// assert_eq!(report.rows[0], "a");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored<T, S = ()> {
    value: T,
    summary: S,
}

/// What a workflow reads of a [`Stored`] value: a few numbers and words, made of it when it is put away.
pub trait Summary<T>: Payload {
    /// The summary of a value.
    fn of(value: &T) -> Self;
}

/// Nothing at all.
impl<T> Summary<T> for () {
    fn of(_: &T) {}
}

impl<T, S: Summary<T>> Stored<T, S> {
    /// A value that may be large.
    pub fn new(value: T) -> Self {
        Self { summary: S::of(&value), value }
    }

    /// What a workflow may read of it.
    pub fn summary(&self) -> &S {
        &self.summary
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T, S> Deref for Stored<T, S> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T, S: Summary<T>> From<T> for Stored<T, S> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// The key of a summary.
const SUMMARY: &str = "summary";
/// The key of a value that travels.
const VALUE: &str = "sfn:value";

/// Where a value is kept, as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The bucket.
    pub bucket: String,
    /// The key of the object.
    pub key: String,
    /// How many bytes it has.
    pub size: usize,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket, self.key)
    }
}

impl<T: Serialize, S: Serialize> Serialize for Stored<T, S> {
    fn serialize<R: Serializer>(&self, serializer: R) -> Result<R::Ok, R::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(SUMMARY, &self.summary)?;
        map.serialize_entry(VALUE, &self.value)?;
        map.end()
    }
}

impl<'de, T: Deserialize<'de>, S: Summary<T>> Deserialize<'de> for Stored<T, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire<T> {
            #[serde(rename = "sfn:value")]
            value: T,
        }
        Wire::deserialize(deserializer).map(|wire| Self::new(wire.value))
    }
}

impl<T: Payload, S: Summary<T>> Payload for Stored<T, S> {
    type Fields = ();

    fn shape() -> Shape {
        let absent: Option<fn() -> Value> = Some(|| Value::Null);
        // Only the summary has a name that a workflow can say.
        let fields = vec![
            Field::required(SUMMARY, SUMMARY, S::shape),
            Field { default: absent, ..Field::required("", VALUE, T::shape) },
            Field { default: absent, ..Field::required("", STORED, Reference::shape) },
        ];
        Shape::Record(Record { name: "Stored", id: std::any::type_name::<Self>(), fields })
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

impl Reference {
    fn shape() -> Shape {
        let field = |name, shape| Field::required(name, name, shape);
        let text: fn() -> Shape = String::shape;
        let fields =
            vec![field("bucket", text), field("key", text), field("size", u64::shape), field("sha256", text)];
        Shape::Record(Record { name: "Reference", id: std::any::type_name::<Self>(), fields })
    }
}

impl AnyVal {
    /// `summary()` of a [`Stored`] value.
    pub fn summary(&self) -> Self {
        match &self.shape {
            Shape::Record(record) if record.fields.iter().any(|field| field.wire == STORED) => {
                self.field(SUMMARY)
            }
            _ => self.refuse_method(SUMMARY),
        }
    }
}

impl<T: Payload, S: Summary<T>> Val<Stored<T, S>> {
    /// What the workflow reads of it.
    pub fn summary(&self) -> Val<S> {
        Val::from_erased(self.erased().summary())
    }
}
