//! Between a payload and its JSON, with the path of whatever does not fit.
//! Separate because native runs, Lambda handlers and task tokens must say `Payload.Invalid` in the same words.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Failed;
use crate::error::name;

/// The JSON of a value.
///
/// # Errors
///
/// `Payload.Invalid` where JSON cannot carry the value.
///
/// ```
/// assert_eq!(sfn_core::encode(&("a", 1))?, serde_json::json!(["a", 1]));
/// # Ok::<(), sfn_core::Failed>(())
/// ```
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Value, Failed> {
    serde_path_to_error::serialize(value, serde_json::value::Serializer)
        .map_err(|error| unfit("", error.path(), error.inner()))
}

/// The value of a JSON.
///
/// # Errors
///
/// `Payload.Invalid`, its message the path of the fault and what is wrong there.
///
/// ```
/// let failed = sfn_core::decode::<Vec<u8>>(serde_json::json!([1, 2, "three"])).unwrap_err();
/// assert_eq!(failed.error(), "Payload.Invalid");
/// assert!(failed.cause().contains("[2]: invalid type: string"));
/// ```
pub fn decode<T: DeserializeOwned>(json: Value) -> Result<T, Failed> {
    decode_at("", json)
}

/// As [`decode`], for a JSON that stands under a key of something larger.
pub(crate) fn decode_at<T: DeserializeOwned>(key: &str, json: Value) -> Result<T, Failed> {
    serde_path_to_error::deserialize(json).map_err(|error| unfit(key, error.path(), error.inner()))
}

fn unfit(key: &str, path: &serde_path_to_error::Path, fault: &serde_json::Error) -> Failed {
    let path = match (key, path.to_string()) {
        ("", path) => path,
        (key, path) if path == "." => key.to_owned(),
        (key, path) if path.starts_with('[') => format!("{key}{path}"),
        (key, path) => format!("{key}.{path}"),
    };
    invalid(&path, fault)
}

/// The JSON of a default value, as a serializer gave it.
///
/// A default that JSON cannot carry (a map with other keys than strings) counts as `null`.
pub fn default_json(serialized: serde_json::Result<Value>) -> Value {
    serialized.unwrap_or(Value::Null)
}

pub(crate) fn invalid(path: &str, fault: &dyn std::fmt::Display) -> Failed {
    Failed::of_task(name::PAYLOAD_INVALID, &format!("{path}: {fault}"))
}
