//! Personal data: a payload like what it holds, marked wherever it is described, and not shown by accident.
//! Separate because the mark is all that it adds.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::shape::Newtype;
use crate::{AnyVal, Payload, Shape, Val};

/// A value that is personal: a name, an address, whatever must not stand in logs.
///
/// It travels as what it holds. Its mark travels in the manifest: `cargo sfn diff` tells when it comes or goes, templates
/// let no state machine log the data of payloads that have it, and lints find where it leaves for places that are not meant
/// for it. It has no `Display`, its `Debug` is `[pii]`, and so it is in local traces; who needs the value says
/// [`expose`](Self::expose), in a handler and in a workflow.
///
/// ```
/// use sfn_core::Pii;
///
/// let email = Pii::new("ada@example.com".to_owned());
/// assert_eq!(format!("{email:?}"), "[pii]");
/// assert_eq!(serde_json::json!(email), "ada@example.com");
/// assert!(email.expose().ends_with("example.com"));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for whoever is meant to read it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Pii<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// `[pii]`, whatever it is.
impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[pii]")
    }
}

impl<T: Serialize> Serialize for Pii<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pii<T> {
    /// What does not fit is not quoted, as serde's messages would.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self).map_err(|_| de::Error::custom("personal data of another form"))
    }
}

impl<T: Payload> Payload for Pii<T> {
    type Fields = ();
    const ABSENT: Option<fn() -> Value> = T::ABSENT;

    fn shape() -> Shape {
        Shape::Newtype(Newtype { field: EXPOSE, inner: T::shape, personal: true })
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}

/// What reads the value, in the place of the name of a field.
const EXPOSE: &str = "expose";

impl AnyVal {
    /// `expose()` of a [`Pii`]; anything else is what it is.
    ///
    /// ```
    /// use sfn_core::{Definition, Flow, Pii};
    ///
    /// let definition = Definition::from_flow("domain", "", |flow: &mut Flow| {
    ///     let email = flow.input::<Pii<String>>("email").into_erased();
    ///     flow.succeed(email.expose().to_uppercase());
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% $uppercase($states.input) %}"), "{text}");
    /// ```
    pub fn expose(&self) -> Self {
        match &self.shape {
            Shape::Newtype(newtype) if newtype.personal => self.field(EXPOSE),
            _ => self.clone(),
        }
    }
}

impl<T: Payload> Val<Pii<T>> {
    /// The value, which the workflow reads.
    pub fn expose(&self) -> Val<T> {
        Val::from_erased(self.erased().expose())
    }
}
