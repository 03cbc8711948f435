//! A value that a process may hold and nobody may send: never a payload, never shown.
//! Separate because all that it says about travelling is no.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{AnyVal, Payload, Shape};

/// A password, a key, a token of somebody else's: it lives in a task or in the state of a process and travels nowhere.
///
/// As an argument or a result of a task, or anywhere inside of a payload, it is an error of the compiler: payloads stand in
/// the history of executions. What travels is the name or the ARN of the secret; the task fetches it, or shares it with the
/// other invocations of its process.
///
/// ```
/// use sfn_core::Secret;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// #[derive(Debug, serde::Deserialize)]
/// struct Login {
///     user: String,
///     password: Secret<String>,
/// }
///
/// // As Secrets Manager gives it.
/// let login: Login = serde_json::from_str(r#"{"user": "shop", "password": "hunter2"}"#)?;
/// assert_eq!(login.password.expose(), "hunter2");
/// assert_eq!(format!("{login:?}"), r#"Login { user: "shop", password: [secret] }"#);
/// # Ok(())
/// # }
/// ```
///
/// It is read with serde and never written: whatever would write it does not compile.
///
/// ```compile_fail,E0080
/// # use sfn_core::Secret;
/// let leaked = serde_json::to_string(&Secret::new("hunter2"));
/// ```
///
/// Its memory is not wiped when it is dropped.
#[derive(Clone, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Of a value that is one.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for as long as whoever asked for it needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// `[secret]`, whatever it is.
impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

/// `[secret]`, whatever it is.
impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// There so that a secret in a payload is one error, the one of [`Payload`], and not serde's beside it.
impl<T> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const { panic!("a `Secret` is never serialized: write where it can be fetched, not what it is") }
        serializer.serialize_unit()
    }
}

/// What a secret would have to hold to travel. Nothing is.
///
/// It is asked of what the secret holds: asked of the secret itself, rustc would say what it says of every other type.
#[diagnostic::on_unimplemented(
    message = "a `Secret<{Self}>` cannot travel: payloads stand in the history of executions, for all who may read it [secret-in-payload]",
    label = "a secret",
    note = "let the name or the ARN of the secret travel, and fetch it inside the task",
    note = "or fetch it once per process, into the state: `async fn charge(order: Order, state: &Shop)`"
)]
#[doc(hidden)]
pub trait Published: DeserializeOwned + Send + 'static {}

impl<T: Published> Payload for Secret<T> {
    type Fields = ();

    fn shape() -> Shape {
        Shape::Any
    }

    fn fields(_: &AnyVal) -> Self::Fields {}
}
