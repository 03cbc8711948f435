//! What may travel between tasks: the trait [`Payload`], its derive's counterpart.
//! Separate because every type of the standard library that is one stands in a file of its own kind below.

mod collection;
mod foreign;
mod json;
mod part;
mod pii;
mod scalar;
mod secret;
mod timestamp;
mod tuple;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{AnyVal, Shape};

pub use json::{decode, default_json, encode};
pub(crate) use json::{decode_at, invalid};
pub use part::{Part, newtype_shape, part_absent, part_argument, part_field, part_json, part_shape};
pub use pii::Pii;
pub use secret::{Published, Secret};
pub use timestamp::{Timestamp, TimestampError};

/// A type whose values travel between tasks as JSON, and whose JSON is known when the workflow is built.
///
/// It is derived: `#[derive(Serialize, Deserialize, Payload)]` reads serde's attributes as serde does. Implemented here
/// for `bool`, the integers up to 64 bits, floats, `char`, `String`, `()`, `Option`, `Box`, `Vec`, arrays, `BTreeSet`,
/// maps with `String` keys, tuples of up to eight, and `serde_json::Value` (which a workflow passes on without looking
/// inside).
///
/// ```
/// use sfn_core::{Payload, Shape};
///
/// assert!(matches!(<(String, u32)>::shape(), Shape::Tuple(places) if places.len() == 2));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a payload: it cannot travel between tasks [not-a-payload]",
    label = "not a payload",
    note = "add `#[derive(Serialize, Deserialize, Payload)]` to `{Self}` if it is yours",
    note = "keys of a map must be `String`; for a type of another crate put `#[serde(with = \"..\")]` on the field"
)]
pub trait Payload: Serialize + DeserializeOwned + Send + 'static {
    /// The symbolic fields: what [`Val<Self>`](crate::Val) dereferences to. `()` for a type without fields.
    type Fields: 'static;

    /// What the absence of a field of this type means; nothing where it is an error, as it is but for `Option`.
    const ABSENT: Option<fn() -> Value> = None;

    /// What the JSON looks like.
    fn shape() -> Shape;

    /// The symbolic fields of a symbolic value.
    fn fields(value: &AnyVal) -> Self::Fields;
}
